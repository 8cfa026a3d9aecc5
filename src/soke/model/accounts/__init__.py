"""Place accounts: what every place raises and spends, how far it is known, and what its gap is made of."""

from soke.model.accounts.account import account, by_class, gap_split
from soke.model.accounts.apportion import BASES, line_matrix

__all__ = ["BASES", "account", "by_class", "gap_split", "line_matrix"]
