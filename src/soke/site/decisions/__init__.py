"""What communities decided: who won and why, what was answered, what is due."""
