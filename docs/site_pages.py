"""Pages of the site that lie outside ``docs/``, and links between files of the repository as links of the site."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parents[1]
BESIDE = ("*.md", "deals/*.toml", "examples/**/*.*")  # the stories link the files that they work on
START = {"README.md": "index.md"}  # a page that lies elsewhere in the site than in the repository
LINK = re.compile(r"(?<=\]\()(?![a-z]+:|#)([^)#\s]+)")


def on_files(files: Files, config: Any) -> Files:
    for path in sorted(path for pattern in BESIDE for path in ROOT.glob(pattern)):
        files.append(File.generated(config, _in_site(path.relative_to(ROOT).as_posix()), abs_src_path=str(path)))
    return files


def on_page_markdown(markdown: str, page: Any, config: Any, files: Files) -> str:
    here = Path(page.file.abs_src_path).relative_to(ROOT).parent.as_posix()
    site = posixpath.dirname(page.file.src_uri)

    def link(found: re.Match[str]) -> str:
        target = _in_site(posixpath.normpath(posixpath.join(here, found[1])))
        return posixpath.relpath(target, site or ".")

    return LINK.sub(link, markdown)


def _in_site(path: str) -> str:
    """Where a file of the repository, by its path from the root, lies in the site."""
    return START.get(path, path.removeprefix("docs/"))
