"""Files written whole or not at all, whenever the writing is stopped."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from soke.files import create_whole, folder_beside, write_whole


def moved_in(path: Path) -> None:
    with folder_beside(path.parent) as folder:
        (folder / "part").write_bytes(b"new")
        (folder / "part").replace(path)


def stopped_at(moment: int, act: Callable[[], object]) -> bool:
    """Whether ``act`` was stopped, as a signal would, at the given moment: Python answers a signal where a function of
    its own begins and where one of C's has returned."""
    left = moment

    def watch(_frame: FrameType, event: str, _argument: Any) -> None:
        nonlocal left
        if event in ("call", "c_return"):
            left -= 1
            if left < 0:
                sys.setprofile(None)
                raise KeyboardInterrupt

    sys.setprofile(watch)
    try:
        act()
    except KeyboardInterrupt:
        return True
    finally:
        sys.setprofile(None)
    return False


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(
    "write",
    [
        lambda path: write_whole(path, b"new"),
        lambda path: create_whole(path, b"new", 0o600),
        moved_in,
    ],
    ids=["write", "create", "folder"],
)
def test_stopped_at_any_moment_nothing_lies_beside(write: Callable[[Path], object], tmp_path: Path) -> None:
    moment, stopped = 0, True
    while stopped:
        folder = tmp_path / str(moment)
        folder.mkdir()
        path = folder / "file"
        stopped = stopped_at(moment, lambda path=path: write(path))  # type: ignore[misc]
        assert {one.name for one in folder.iterdir()} <= {"file"}, moment
        assert not path.exists() or path.read_bytes() == b"new"
        moment += 1
    assert moment > 10 and path.read_bytes() == b"new"
