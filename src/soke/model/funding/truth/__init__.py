"""Is it right? Published figures worked out again, and a settlement explained step by step."""
