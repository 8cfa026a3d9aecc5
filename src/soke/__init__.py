"""Soke: devolution as code for England. See docs/handbook and the README.

From a script or a notebook: ``import soke``, then ``soke.account("Leeds")``, ``soke.check("deal.toml")``,
``soke.project("deal.toml")``. Everything is in :mod:`soke.library`, and is loaded when it is first used.
"""

from typing import TYPE_CHECKING

from soke.version import __version__ as __version__

if TYPE_CHECKING:
    from soke.errors import SokeError
    from soke.library import (
        Register,
        account,
        account_years,
        backtest,
        baseline,
        check,
        count,
        draw,
        explain_account,
        places,
        project,
        read_deal,
        read_framework,
        read_scenario,
        settle,
        what_if,
    )
    from soke.table import Column, Table

__all__ = [
    "Column", "Register", "SokeError", "Table", "account", "account_years", "backtest", "baseline", "check", "count",
    "draw", "explain_account", "places", "project", "read_deal", "read_framework", "read_scenario", "settle", "what_if",
]  # fmt: skip

_ELSEWHERE = {"SokeError": "soke.errors", "Column": "soke.table", "Table": "soke.table"}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module 'soke' has no attribute {name!r}")
    import importlib  # noqa: PLC0415 - the command starts without it

    found = getattr(importlib.import_module(_ELSEWHERE.get(name, "soke.library")), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*__all__, *globals()})
