"""Commands of ``soke budget``."""
