"""Registers for the tests, in both databases: what holds in one must hold in the other."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from private_postgres import Server, binaries, private_server
from registers import Keeper

from soke.register.storage import Log


@pytest.fixture(scope="session")
def postgres(missing: Callable[[str], NoReturn]) -> Iterator[Server]:
    """A private PostgreSQL server. In CI a missing one is a failure; elsewhere the test is skipped."""
    programs = binaries()
    if programs is None:
        missing("No PostgreSQL is installed (on Debian: apt-get install postgresql).")
    with private_server(programs) as server:
        yield server


_numbers = itertools.count()


@pytest.fixture(params=["sqlite", "postgres"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """A place for a register: a file, then a schema."""
    if request.param == "sqlite":
        return tmp_path / "register.db"
    return str(request.getfixturevalue("postgres").url(f"test_{next(_numbers)}"))


@pytest.fixture
def log(where: Path | str) -> Iterator[Log]:
    with Log.create(where) as made:
        yield made


@pytest.fixture
def keeper(log: Log, where: Path | str) -> Iterator[Keeper]:
    made = Keeper(where)
    yield made
    made.close()
