"""How is a panel drawn by lot, fairly, and how can anybody check it?"""
