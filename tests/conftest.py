"""Shared fixtures. In CI a missing helper (official tables, Chromium) is a failure; elsewhere the test is skipped."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest


def _missing(reason: str) -> None:
    if os.environ.get("CI"):
        pytest.fail(reason + " In CI this is a failure.")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def source_dir() -> Path:
    """The folder of official tables, named by SOKE_SOURCE_DIR."""
    folder = os.environ.get("SOKE_SOURCE_DIR", "")
    if not folder or not Path(folder).is_dir():
        _missing("SOKE_SOURCE_DIR does not name the folder of official tables.")
    return Path(folder)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of a Chromium."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        _missing("No Chromium is installed.")
    assert path is not None
    return path
