"""Assets that a community may list, bid for, buy or be given: each step on its day, each right with its clock."""
