"""Participatory budgets: elections, rules, outcomes, and the reasons for them."""
