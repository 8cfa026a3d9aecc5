"""Funding rules: who keeps which pound, as dated, tested code. One module a rule; figures in ``parameters/*.csv``."""
