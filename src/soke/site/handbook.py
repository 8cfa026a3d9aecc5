"""The handbook beside the site: the files of ``./do docs``, byte for byte; else a page that says how to build it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from soke.errors import SokeError
from soke.files import read_whole
from soke.report.markup import el
from soke.site.contents import Asked, Copied, Page, Site, Trouble
from soke.site.frame import CHECK, link, site_page

HANDBOOK = "handbook/index.html"
FOLDER, FIRST = "handbook", "index.html"
MOST_FILES, LARGEST = 5_000, 50_000_000  # a handbook has about 130 files and 15 MB: more is another folder
LATER = "Build it with ./do docs, and give --handbook out/site-docs."


@dataclass(frozen=True, slots=True)
class Handbook:
    """The files to copy, by path, and why there are none where a folder was given that is no handbook."""

    files: tuple[Copied, ...] = ()
    troubles: tuple[Trouble, ...] = ()


def gather_handbook(asked: Asked) -> Handbook:
    """The files of the folder that was given, in the order of their paths; links are not followed."""
    top = asked.handbook
    if top is None:
        return Handbook()
    where = f"The handbook {top}"
    if not (top / FIRST).is_file():
        return Handbook(troubles=(Trouble(where, f"It has no {FIRST}, so it was not copied. {LATER}"),))
    paths = sorted(path for path in _files(top))
    if len(paths) > MOST_FILES or sum(path.stat().st_size for path in paths) > LARGEST:
        return Handbook(troubles=(Trouble(where, f"It holds more than a handbook does: it was not copied. {LATER}"),))
    try:
        return Handbook(tuple(_copied(top, path) for path in paths))
    except (OSError, SokeError) as error:
        return Handbook(troubles=(Trouble(where, f"It cannot be read, so it was not copied: {error}"),))


def _files(top: Path) -> Iterator[Path]:
    """Whole files that lie in the folder itself."""
    for path in top.rglob("*"):
        inside = (path, *(above for above in path.parents if top in above.parents))
        if path.is_file() and not any(each.is_symlink() for each in inside):
            yield path


def _copied(top: Path, path: Path) -> Copied:
    return Copied(path.relative_to(top).as_posix(), hashlib.sha256(path.read_bytes()).hexdigest())


def pages(site: Site) -> Iterator[Page]:
    """Every file of the handbook under its own name; the page that says how to build it where there is none."""
    if not site.handbook:
        yield Page(HANDBOOK, _missing)
    for file in site.handbook:
        yield Page(f"{FOLDER}/{file.path}", partial(_file, path=file.path, sha256=file.sha256), (file.sha256,))


def _file(site: Site, path: str, sha256: str) -> bytes:
    assert site.asked.handbook is not None
    content = read_whole(site.asked.handbook / path, path, LARGEST)
    if hashlib.sha256(content).hexdigest() != sha256:
        raise SokeError(f"{path} changed while the site was being built.", "Build the site again.", path)
    return content


def _missing(site: Site) -> str:
    return site_page(
        site, HANDBOOK, "The handbook", el("h1", "The handbook is not part of this copy"),
        el("p", "Whoever built this site left it out. It says how each figure is worked out.", class_="lead"),
        el("p", "To read it, get Soke and build it. Then open the first page in a browser."),
        el("pre", "./do docs"), el("p", "To have it here, build the site with it."),
        el("pre", "soke site build --handbook out/site-docs"),
        el("p", "Meanwhile, ", link(HANDBOOK, "check it without the handbook", CHECK), "."),
        trail=(("Check it", CHECK),),
    )  # fmt: skip
