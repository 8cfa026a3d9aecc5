"""Commands of ``soke assembly``."""
