"""Sources: ids that can be read, the publisher's own pages, and the folder's codes nowhere but in the importers."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import soke
from soke.england.baseline import baseline
from soke.england.importers import tidy
from soke.england.importers.sources import CATALOGUE, FILES, FOLDER
from soke.england.importers.sources import sources as compiled
from soke.england.sources import Source, each, named, source, sources
from soke.errors import SokeError
from soke.model.accounts import BASES, line_matrix
from soke.model.accounts.keys import keys

CODE = re.compile(r"\bD\d\d\b")
PUBLIC = (".gov.uk", ".nhs.uk", ".nomisweb.co.uk")  # where public bodies publish
WITHOUT_PAGE = {"mhclg-core-spending-power"}  # its own page is not known for certain


@pytest.mark.parametrize("found", sources().values(), ids=str)
def test_a_source_is_whole_and_leads_to_a_public_body(found: Source) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z0-9]+)+", found.id)
    assert found.publisher and found.year and "Open Government Licence v3.0" in found.licence
    assert 0 < len(found.title) <= 90
    if found.id in WITHOUT_PAGE:
        assert found.url == ""
    else:
        address = urlsplit(found.url)
        assert address.scheme == "https" and (address.hostname or "").endswith(PUBLIC)


def test_two_sources_are_never_called_the_same() -> None:
    assert len(sources()) == len(CATALOGUE) == len({str(found) for found in sources().values()})


def test_every_figure_and_every_key_names_its_sources() -> None:
    said = [column.source for column in baseline().columns.values()] + [key.source for key in keys().values()]
    said += [line.source for basis in BASES for line in line_matrix(2022, basis).lines]
    assert all(each(ids) for ids in said)


def test_sources_in_words() -> None:
    assert named("ons-regional-accounts") == "ONS, country and regional public sector finances"
    both = ["hmt-country-regional-analysis", "ons-population"]
    assert named(both) == "HM Treasury, country and regional analysis; ONS, mid-year population estimates"
    assert named("ons-population, ons-population") == named("ons-population")
    assert source("ons-population").heading == "Mid-year population estimates"


@pytest.mark.parametrize("ids", ["mhclg-bandd", "ons-population, mhclg-bandd", ["mhclg-bandd"]])
def test_an_unknown_id_is_a_sentence_with_the_nearest_name(ids: str | list[str]) -> None:
    with pytest.raises(SokeError, match=r"No source has the id 'mhclg-bandd'\. Did you mean mhclg-band-d") as caught:
        named(ids)
    assert caught.value.code == "unknown-name"


def test_codes_of_the_folder_are_known_to_the_importers_alone() -> None:
    package = Path(soke.__file__).parent
    files = [p for kind in ("*.py", "*.csv", "*.toml") for p in package.rglob(kind)]
    named_in = {str(p.relative_to(package)) for p in files if CODE.search(p.read_text(encoding="utf-8"))}
    assert named_in == {str(Path("england", "importers", "sources.py"))}


def test_a_source_that_the_folder_lost_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "sources.csv").write_text("source,description,used_in\nD01,a,b\nD16,a,b\nD99,a,b\n")
    (tmp_path / "measured").mkdir()
    (tmp_path / FILES["dwp-uc-households-2025"]).touch()
    ids = [line.split(",")[0] for line in compiled(tmp_path).splitlines()]
    assert ids == ["id", "mhclg-band-d", "ons-population", "dwp-uc-households-2025"]


def test_every_source_is_in_the_folder(source_dir: Path) -> None:
    listed = {row["source"] for row in tidy.rows(source_dir, "sources.csv")}
    assert listed >= FOLDER.keys()
    assert {found.id for found in CATALOGUE} == {*FOLDER.values(), *FILES}
