"""Commands of ``soke round``."""
