"""Commands of ``soke asset``."""
