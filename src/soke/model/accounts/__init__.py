"""Place accounts: what every place raises and spends, and what its gap is made of."""

from soke.model.accounts.account import account, by_class, district_account, gap_split, has_whole_account
from soke.model.accounts.apportion import METHODS, line_matrix

__all__ = [
    "METHODS", "account", "by_class", "district_account", "gap_split", "has_whole_account",
    "line_matrix",
]  # fmt: skip
