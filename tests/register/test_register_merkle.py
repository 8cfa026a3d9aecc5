"""The hash tree: published vectors of RFC 6962 implementations, and properties against the definition."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soke.register.merkle import Tree
from soke.register.verify import Frontier, is_consistent, is_included, leaf_hash, root_of

# The inputs and roots that Certificate Transparency implementations publish for their trees of one to eight leaves.
INPUTS = [
    bytes.fromhex(text)
    for text in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
FIFTH = [
    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
]
SIX_TO_EIGHT = [
    "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
]


def defined(lines: list[bytes]) -> bytes:
    """The root, word for word as RFC 6962 defines it."""
    if not lines:
        return hashlib.sha256(b"").digest()
    if len(lines) == 1:
        return hashlib.sha256(b"\x00" + lines[0]).digest()
    split = 1
    while split * 2 < len(lines):
        split *= 2
    return hashlib.sha256(b"\x01" + defined(lines[:split]) + defined(lines[split:])).digest()


def test_published_roots_of_one_to_eight_leaves() -> None:
    tree = Tree(INPUTS)
    assert [tree.root(size).hex() for size in range(9)] == [EMPTY, *ROOTS]
    assert [root_of(map(leaf_hash, INPUTS[:size])).hex() for size in range(9)] == [EMPTY, *ROOTS]


def test_published_proofs() -> None:
    tree = Tree(INPUTS)
    assert [step.hex() for step in tree.inclusion(5)] == FIFTH
    assert [step.hex() for step in tree.consistency(6)] == SIX_TO_EIGHT


def test_every_proof_up_to_forty_entries_holds_and_only_where_it_belongs() -> None:
    tree = Tree(str(number).encode() for number in range(40))
    for size in range(1, 41):
        root = tree.root(size)
        for index in range(size):
            proof = tree.inclusion(index, size)
            assert is_included(tree.leaf(index), index, size, proof, root)
            assert not is_included(tree.leaf(index), (index + 1) % size, size, proof, root) or size == 1
            assert not is_included(leaf_hash(b"forged"), index, size, proof, root)
            assert not is_included(tree.leaf(index), index, size, [*proof, root], root)
        for old in range(size + 1):
            proof = tree.consistency(old, size)
            assert is_consistent(old, size, tree.root(old), root, proof)
            assert not is_consistent(old, size, leaf_hash(b"forged"), root, proof)
            assert not is_consistent(old, size, tree.root(old), leaf_hash(b"forged"), proof) or old == 0
            assert not is_consistent(old, size, tree.root(old), root, [*proof, root])


@given(st.lists(st.binary(max_size=4), max_size=70), st.data())
def test_the_tree_is_as_defined(lines: list[bytes], data: st.DataObject) -> None:
    tree, frontier = Tree(lines), Frontier()
    for line in lines:
        frontier.add(leaf_hash(line))
    assert tree.root() == frontier.root() == defined(lines)
    size = data.draw(st.integers(0, len(lines)))
    assert tree.root(size) == defined(lines[:size])


@given(st.integers(1, 300), st.data())
def test_a_proof_with_one_bit_changed_fails(size: int, data: st.DataObject) -> None:
    tree = Tree(str(number).encode() for number in range(size))
    index = data.draw(st.integers(0, size - 1))
    proof = tree.inclusion(index)
    if proof:
        at = data.draw(st.integers(0, len(proof) - 1))
        bit = data.draw(st.integers(0, 255))
        proof[at] = (int.from_bytes(proof[at]) ^ 1 << bit).to_bytes(32)
        assert not is_included(tree.leaf(index), index, size, proof, tree.root())


def test_what_is_not_in_the_log_is_refused() -> None:
    tree = Tree(INPUTS)
    for wrong in (lambda: tree.root(9), lambda: tree.inclusion(8), lambda: tree.consistency(9), lambda: tree.leaf(-2)):
        with pytest.raises(IndexError):
            wrong()
