"""Soke: devolution as code for England. See docs/handbook and the README."""

__version__ = "0.1.0"
