"""Tables of every answer that people and programs get: one module a subject."""
