"""Published registers: what was promised, kept and missed, and how anyone checks it."""
