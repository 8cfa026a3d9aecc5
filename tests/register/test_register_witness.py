"""What a witness signs: whatever views it is shown, in whatever order, all that it signed is one history."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soke.register.checkpoint import new_key, sign_head, write_key
from soke.register.merkle import Tree
from soke.register.publication import CHECKPOINT, HASHES, KEY
from soke.register.verify import COSIGNATURE, Checkpoint, cosigned, is_consistent, key_text, read_checkpoint
from soke.register.views import View, first_difference
from soke.register.witness import SplitView, check_goes_on, cosign, read_request, request, witness

NAME = "soke.example/test"
KEY_OF_LOG, WITNESS = new_key(NAME), new_key("audit.example/witness", COSIGNATURE)
NOW = dt.datetime(2026, 12, 1, tzinfo=dt.UTC)
VIEWS = st.lists(st.lists(st.sampled_from([b"a", b"b"]), max_size=6), min_size=1, max_size=12)


def checkpoint_of(lines: list[bytes]) -> Checkpoint:
    return read_checkpoint(sign_head(Tree(lines), KEY_OF_LOG))


@given(VIEWS)
def test_what_it_signed_is_one_history(views: list[list[bytes]]) -> None:
    seen: Checkpoint | None = None
    last: list[bytes] = []
    for lines in views:
        shown, tree = checkpoint_of(lines), Tree(lines)
        try:
            check_goes_on(seen, shown, lambda old, tree=tree: tree.root(old.size) == old.root)  # type: ignore[misc]
        except SplitView:
            assert lines[: len(last)] != last
        else:
            assert lines[: len(last)] == last
            seen, last = shown, lines


@given(st.lists(st.sampled_from([b"a", b"b"]), max_size=9), st.data())
def test_a_request_shows_what_a_folder_shows(lines: list[bytes], data: st.DataObject) -> None:
    old = data.draw(st.integers(0, len(lines)))
    tree, note = Tree(lines), sign_head(Tree(lines), KEY_OF_LOG)
    view = View(where="here", checkpoint=read_checkpoint(note), content=note, tree=tree)
    size, steps, checkpoint, content = read_request(request(old, view))
    assert (size, content, checkpoint) == (old, note, view.checkpoint)
    assert is_consistent(old, len(lines), tree.root(old), checkpoint.root, steps)


@given(st.lists(st.sampled_from([b"a", b"b"]), max_size=20), st.lists(st.sampled_from([b"a", b"b"]), max_size=20))
def test_the_first_entry_that_differs_is_found(one: list[bytes], other: list[bytes]) -> None:
    wanted = next((number for number, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    assert first_difference(Tree(one), Tree(other)) == wanted


def published(folder: Path, lines: list[bytes]) -> None:
    """A folder with hashes alone, as one who hosts no log may have it."""
    folder.mkdir(exist_ok=True)
    tree = Tree(lines)
    (folder / CHECKPOINT).write_bytes(sign_head(tree, KEY_OF_LOG))
    (folder / HASHES).write_text("".join(f"{tree.leaf(number).hex()}\n" for number in range(len(tree))))
    (folder / KEY).write_text(key_text(KEY_OF_LOG.verifier))


@pytest.mark.slow
@settings(max_examples=25)
@given(VIEWS)
def test_the_command_signs_as_the_rule_says(tmp_path_factory: pytest.TempPathFactory, views: list[list[bytes]]) -> None:
    folder = tmp_path_factory.mktemp("witness")
    write_key(WITNESS, folder / "key", folder / "key.pub")
    last: list[bytes] = []
    for lines in views:
        published(folder / "public", lines)
        before = (folder / "public" / CHECKPOINT).read_bytes()
        try:
            witness(folder / "public", folder / "key", folder / "seen", NOW)
        except SplitView:
            assert lines[: len(last)] != last and (folder / "public" / CHECKPOINT).read_bytes() == before
        else:
            signed = read_checkpoint((folder / "public" / CHECKPOINT).read_bytes())
            assert lines[: len(last)] == last and cosigned(signed, WITNESS.verifier) == int(NOW.timestamp())
            last = lines


def test_a_cosignature_is_of_this_very_checkpoint() -> None:
    one, other = checkpoint_of([b"a"]), checkpoint_of([b"b"])
    note = sign_head(Tree([b"b"]), KEY_OF_LOG) + cosign(one, WITNESS, 1)
    assert cosigned(read_checkpoint(note), WITNESS.verifier) is None
    note = sign_head(Tree([b"b"]), KEY_OF_LOG) + cosign(other, WITNESS, 1)
    assert cosigned(read_checkpoint(note), WITNESS.verifier) == 1
