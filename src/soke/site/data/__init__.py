"""Every table to take away, with its schema, source and licence."""
