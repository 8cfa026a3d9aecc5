"""What public services cost, and what the proceeds of growth pay for."""
