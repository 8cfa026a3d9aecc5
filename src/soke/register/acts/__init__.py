"""What each kind of entry does to a deal: one function a kind, which refuses or changes the state, never half of it."""
