"""What each deal hands over, on which terms, what may come of it, and how it differs from others."""
