"""Commands of ``soke register``."""
