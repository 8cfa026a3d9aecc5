"""A register of November 2026, byte for byte: it still opens, verifies, reads the same, and can be written on."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest

from soke.register.book import Book
from soke.register.checking import check_published, check_register
from soke.register.checkpoint import load_checkpoint, read_verifier_key
from soke.register.history import history
from soke.register.storage import Log
from soke.register.verify import check_signature

OLD = Path(__file__).parent / "old"


@pytest.fixture
def old(tmp_path: Path) -> Iterator[Path]:
    """The register of the story in ``examples/``, as it was written then."""
    (tmp_path / "gm.db").write_bytes(gzip.decompress((OLD / "gm.db.gz").read_bytes()))
    yield tmp_path / "gm.db"


def test_it_verifies_to_the_same_head(old: Path) -> None:
    published = load_checkpoint(OLD / "checkpoint")
    assert check_signature(published, read_verifier_key(OLD / "key.pub"))
    with Log.open(old, published, write=False) as log:
        said = list(check_register(log))
        assert "Read 131 entries" in said[0]
        assert "and there are no others" in check_published(log, published)


def test_its_history_reads_the_same(old: Path) -> None:
    with Log.open(old, write=False) as log:
        told = {line.number: line.sentence for line in history(log)}
    said = " ".join((OLD / "history.txt").read_text().split())
    assert len(told) == 131
    assert [number for number, sentence in told.items() if " ".join(sentence.split()) not in said] == []


def test_the_rules_that_came_later_hold_for_what_is_recorded_now_only(old: Path) -> None:
    with Log.open(old, write=False) as log:
        assert Book(log).state("greater-manchester").rules == 1
