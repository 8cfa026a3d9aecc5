"""From a deal and a scenario to all that a report shows: what is read, projected, gathered, recorded, compared."""
