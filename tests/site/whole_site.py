"""The whole site, built once for all tests of a session, and what its pages say in their tags."""

from __future__ import annotations

import datetime as dt
import errno
import fcntl
import html
import os
import posixpath
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from urllib.parse import unquote

import pytest

from soke.site.contents import Asked, Site
from soke.site.gather import gather

ROOT = Path(__file__).parents[2]
OUTSIDE = re.compile(r"(?:[a-z][a-z0-9+.-]*:|//)", re.IGNORECASE)
# Text and attributes are escaped, so that ``<`` begins a tag and nothing else: html5lib says elsewhere that it is so.
TAG = re.compile(r"<([a-zA-Z][\w:-]*)((?:\s[^<>]*)?)>")
ATTRIBUTE = re.compile(r'([\w:-]+)="([^"]*)"')
FETCHING = {"src", "srcset", "data", "poster", "action", "formaction", "background", "ping", "manifest", "xlink:href"}
STYLED = re.compile(r"(?:url\(|@import)\s*[\"']?([^\"')\s]+)")


def asked() -> Asked:
    """What the site of the tests is made from: the deals that are shipped, on a fixed day."""
    return Asked(deals=ROOT / "deals", today=dt.date(2026, 12, 1))


def built_once(shared: Path) -> Path:
    """The folder of the whole site below ``shared``: the first of several processes builds it, the others wait."""
    out, stamp = shared / "whole-site", shared / "whole-site.built"
    with (shared / "whole-site.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not stamp.exists():
            build_by_command(out)
            stamp.touch()
    return out


def build_by_command(out: Path) -> None:
    """As people build it, in a process of its own."""
    command = [sys.executable, "-m", "soke", "site", "build", "--out", out, "--today", asked().today.isoformat(),
               "--deals", asked().deals]  # fmt: skip
    there = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=there)
    assert done.returncode == 0, done.stderr


def tree(folder: Path) -> dict[str, bytes]:
    """Every file by its path."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@dataclass(frozen=True)
class Read:
    """A page: its path, its text, and its tags with their attributes."""

    path: str
    text: str

    @cached_property
    def tags(self) -> list[tuple[str, dict[str, str]]]:
        return [
            (name.lower(), {key.lower(): html.unescape(value) for key, value in ATTRIBUTE.findall(rest)})
            for name, rest in TAG.findall(self._marked)
        ]

    @cached_property
    def _marked(self) -> str:
        """Without what stands in styles and scripts, where ``<`` is no tag."""
        return re.sub(r"(<(?:style|script)[^>]*>).*?(?=</(?:style|script)>)", r"\1", self.text, flags=re.DOTALL)

    @cached_property
    def ids(self) -> list[str]:
        return [attributes["id"] for _, attributes in self.tags if "id" in attributes]

    def links(self) -> Iterator[str]:
        """Addresses that a reader may follow."""
        for name, attributes in self.tags:
            if name in ("a", "area", "link") and "href" in attributes:
                yield attributes["href"]

    def fetched(self) -> Iterator[str]:
        """Addresses that a browser fetches by itself; what a style names too."""
        for name, attributes in self.tags:
            for key, value in attributes.items():
                if key in FETCHING or (key == "href" and name not in ("a", "area")):
                    yield value
                if key == "style":
                    yield from STYLED.findall(value)
                if key == "content" and attributes.get("http-equiv", "").lower() == "refresh":
                    yield value
        for style in re.findall(r"<style[^>]*>(.*?)</style>", self.text, re.DOTALL):
            yield from STYLED.findall(style)

    def to(self, address: str) -> tuple[str, str]:
        """The path of the file that an address of the site means, and the part of it."""
        path, _, part = address.partition("#")
        path = unquote(path.partition("?")[0])
        return posixpath.normpath(posixpath.join(posixpath.dirname(self.path), path)) if path else self.path, unquote(
            part
        )


def read_pages(folder: Path) -> dict[str, Read]:
    """Every HTML page of a folder."""
    found = sorted(folder.rglob("*.html"))
    return {
        path.relative_to(folder).as_posix(): Read(path.relative_to(folder).as_posix(), path.read_text("utf-8"))
        for path in found
    }


@cache
def gathered() -> Site:
    return gather(asked())


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """After so many files the disk has no room."""

    def after(files: int) -> None:
        written = [0]

        def guarded(real: Callable[..., int]) -> Callable[..., int]:
            def write(self: Path, *content: object, **how: object) -> int:
                written[0] += 1
                if written[0] > files:
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                return real(self, *content, **how)

            return write

        monkeypatch.setattr(Path, "write_bytes", guarded(Path.write_bytes))
        monkeypatch.setattr(Path, "write_text", guarded(Path.write_text))

    return after
