"""Who has which powers in England, since when, with how much money."""
