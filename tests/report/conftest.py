"""What the tests of the report share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from made_up_run import make

from soke.report.contents import RunReport
from soke.report.page import page
from soke.report.run.tables import all_tables


@pytest.fixture
def report() -> RunReport:
    return make()


@pytest.fixture
def with_deal(report: RunReport) -> Callable[..., RunReport]:
    """The same run with fields of its deal changed."""

    def changed(**changes: Any) -> RunReport:
        return replace(report, deal=replace(report.deal, **changes))

    return changed


@pytest.fixture
def rendered() -> Callable[[RunReport], str]:
    """The page of a run as text."""
    return lambda found: page(found, all_tables(found))
