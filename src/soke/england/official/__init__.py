"""Importers of the official workbooks that a user with web access can download.

What is where in them is data (``layouts.csv``), with where each layout was seen; one reader serves them all.
"""
