"""The deal's money: who pays whom in which year, and in which prices."""
