"""Where a site may be written: nothing of anybody's is lost, and half a site is never left."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from whole_site import full, gathered, tree

from soke.errors import SokeError
from soke.site import build as building
from soke.site import pages as table
from soke.site.build import RECORD, build
from soke.site.contents import Page, Site
from soke.site.frame import FRONT
from soke.site.pages import all_pages

__all__ = ["full"]  # a fixture


@pytest.mark.parametrize("name", ["letter.txt", "deals/greater-manchester.toml", "index.html"])
def test_a_folder_with_something_else_in_it_is_refused(tmp_path: Path, name: str) -> None:
    out = tmp_path / "out"
    (out / name).parent.mkdir(parents=True)
    (out / name).write_text("mine", encoding="utf-8")
    with pytest.raises(SokeError, match="no site of Soke") as refused:
        build(gathered(), out)
    assert refused.value.code == "file-refused"
    assert tree(out) == {name: b"mine"} and [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("record", ["{", "[]", '{"format": "soke.site/1", "files": {"index.html": {}}}', "\x00"])
def test_a_record_that_vouches_for_nothing_is_no_site(tmp_path: Path, record: str) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / RECORD).write_text(record, encoding="utf-8")
    (tmp_path / "out/index.html").write_text("mine", encoding="utf-8")
    with pytest.raises(SokeError, match="no site of Soke"):
        build(gathered(), tmp_path / "out")


def test_out_may_be_no_file(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine", encoding="utf-8")
    with pytest.raises(SokeError, match="is a file"):
        build(gathered(), tmp_path / "out")


def test_on_a_full_disk_no_first_site_is_left_half(tmp_path: Path, full: Callable[[int], None]) -> None:
    full(3)
    with pytest.raises(SokeError, match="No space left"):
        build(gathered(), tmp_path / "out", workers=1)
    assert not list(tmp_path.iterdir())


def unreadable(site: Site) -> str:
    """A page whose table is gone."""
    return Path("/no/such/table.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize("slow", [False, True])
def test_what_cannot_be_read_is_not_told_as_what_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, slow: bool
) -> None:
    """In this process and in another."""
    pages = [Page(f"page-{number}.html", unreadable, slow=slow) for number in range(10)]
    monkeypatch.setattr(building, "all_pages", lambda site: pages)
    with pytest.raises(SokeError) as stopped:
        build(gathered(), tmp_path / "out", workers=2)
    assert stopped.value.fact == (
        "page-0.html cannot be made: /no/such/table.csv cannot be read: No such file or directory."
    )
    assert "Check that file" in stopped.value.fix and "--out" not in stopped.value.fix
    assert not list(tmp_path.iterdir())


def test_two_pages_of_one_address_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    twice = (*table.PARTS, table.Part("again", "the front again", lambda site: [Page(FRONT, str)]))
    monkeypatch.setattr(table, "PARTS", twice)
    with pytest.raises(SokeError, match=r"Two pages would have the address index\.html"):
        list(all_pages(gathered()))
