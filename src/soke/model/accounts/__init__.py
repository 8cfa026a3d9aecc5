"""Place accounts."""
