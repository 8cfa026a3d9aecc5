"""What tests of the site share: its style sheets beside pages that a test writes, and the whole site, built once."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from whole_site import asked, built_once

from soke.files import write_whole
from soke.site import style
from soke.site.contents import Site
from soke.version import __version__


@pytest.fixture
def dressed() -> Callable[[Path], None]:
    """Writes the style sheets into the folder of a site, as its builder does."""

    def write(folder: Path) -> None:
        site = Site(asked=asked(), version=__version__)
        for sheet in style.pages(site):
            content = sheet.write(site)
            write_whole(folder / sheet.path, content if isinstance(content, bytes) else content.encode())

    return write


@pytest.fixture(scope="session")
def whole_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the whole site: not to be written to."""
    base = tmp_path_factory.getbasetemp()
    return built_once(base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base)
