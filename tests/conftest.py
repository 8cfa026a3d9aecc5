"""Shared fixtures, and the order of tests. In CI a missing helper (official tables, Chromium) is a failure; elsewhere
the test is skipped."""

from __future__ import annotations

import os
import random
import shutil
import signal
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import settings

# The same examples each time, so that what passes here passes there; SOKE_EXPLORE=1 looks for new ones. How long one
# takes is no property of the code: a busy machine fails none.
settings.register_profile("soke", deadline=None, derandomize=not os.environ.get("SOKE_EXPLORE"))
settings.load_profile("soke")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--order", help="`reverse`, or a number to shuffle by: no test may need another to go before it.")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Long ones first, so that no worker is left with one at the end; or the order asked for."""
    order = config.getoption("order")
    if order == "reverse":
        items.reverse()
    elif order:
        random.Random(order).shuffle(items)
    else:
        items.sort(key=lambda item: item.get_closest_marker("slow") is None)


def pytest_configure() -> None:
    # What a shell starts in the background ignores Ctrl-C, and so does all that it starts: some tests press it.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def missing() -> Callable[[str], NoReturn]:
    """What a test does where a helper is not there: it is skipped; in CI it fails."""

    def stop(reason: str) -> NoReturn:
        if os.environ.get("CI"):
            pytest.fail(reason + " In CI this is a failure.")
        pytest.skip(reason)

    return stop


@pytest.fixture(scope="session")
def source_dir(missing: Callable[[str], NoReturn]) -> Path:
    """The folder of official tables, named by SOKE_SOURCE_DIR."""
    folder = os.environ.get("SOKE_SOURCE_DIR", "")
    if not folder or not Path(folder).is_dir():
        missing("SOKE_SOURCE_DIR does not name the folder of official tables.")
    return Path(folder)


@pytest.fixture(scope="session")
def chromium(missing: Callable[[str], NoReturn]) -> str:
    """Path of a Chromium."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or missing("No Chromium is installed.")
