"""Every published outcome of budgets and lotteries that a folder of official files holds, counted again."""

from __future__ import annotations

from pathlib import Path

from soke.community.assemblies.published import published_outcomes as of_assemblies
from soke.community.budgets.published import published_outcomes as of_budgets
from soke.community.published import PublishedOutcome
from soke.errors import SokeError


def published_outcomes(data: Path) -> tuple[PublishedOutcome, ...]:
    """All that the folder holds. SokeError where it is no folder with such files."""
    if not (data / "community").is_dir():
        fact = "The folder has no part called community."
        raise SokeError(fact, "Name the folder of official files.", str(data), code="no-file")
    return (*of_budgets(data), *of_assemblies(data))
