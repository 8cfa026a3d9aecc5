"""How do people decide? Budgets, assemblies, assets: pure algorithms, without a network, a clock or a database."""
