"""Soke as people install it: a wheel that holds all it needs, and a ``soke`` that works anywhere."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src"
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder], cwd=ROOT, check=True)
    (made,) = folder.glob("*.whl")
    return made


def test_the_wheel_holds_every_file_of_the_package(wheel: Path) -> None:
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    files = {path.relative_to(SOURCE).as_posix() for path in SOURCE.rglob("*") if path.is_file()}
    assert names == {name for name in files if "__pycache__" not in name}
    assert "soke/py.typed" in names
    assert {Path(name).suffix for name in names} >= {".py", ".csv", ".toml", ".css"}


@pytest.fixture(scope="module")
def soke(
    wheel: Path, tmp_path_factory: pytest.TempPathFactory, missing: Callable[[str], NoReturn]
) -> Callable[..., str]:
    """The command, installed where nothing of this folder is in reach; the packages it needs are borrowed from here."""
    folder = tmp_path_factory.mktemp("elsewhere")
    made = subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=False, capture_output=True, text=True)
    if made.returncode:
        missing(f"No virtual environment can be made (on Debian: apt-get install python3-venv). {made.stdout}")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}

    def run(*command: object) -> str:
        done = subprocess.run(command, cwd=folder, env=environment, check=False, capture_output=True, text=True)  # type: ignore[arg-type]
        assert done.returncode == 0 and not done.stderr, done.stderr
        return done.stdout

    run(folder / "venv/bin/python", "-m", "pip", "install", "-q", "--no-index", "--no-deps", wheel)
    (packages,) = (folder / "venv/lib").glob("python*/site-packages")
    (packages / "borrowed.pth").write_text(sysconfig.get_path("purelib"))
    return lambda *arguments: run(folder / "venv/bin/soke", *arguments)


def test_the_installed_command_works_in_another_folder(soke: Callable[..., str]) -> None:
    assert soke("--version").startswith("soke ")
    assert "Leeds" in soke("place", "Leeds")
    assert "0 errors" in soke("check", ROOT / "deals/greater-manchester.toml")
