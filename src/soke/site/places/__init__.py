"""A page for every place, the sums behind its numbers, and places like it."""
