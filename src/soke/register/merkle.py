"""The hash tree of a log that grows (RFC 6962): its root at any size, proofs of inclusion and of consistency.

With D[a:b] the entries a to b - 1 and k the largest power of two below n: the root of n > 1 entries is
H(0x01 || root(D[0:k]) || root(D[k:n])). Each complete part of 2^l entries that starts at a multiple of 2^l is kept
once, at level l, so a root or a proof asks for O(log^2 n) hashes and no entry is read again. 32 bytes a node: 64 MB for
a million entries.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from soke.register.verify import leaf_hash, node_hash

WIDTH = 32  # bytes of a hash
EMPTY = hashlib.sha256(b"").digest()


class Tree:
    """A growing hash tree. Sizes and indices count entries from 0."""

    def __init__(self, lines: Iterable[bytes] = ()) -> None:
        self._levels: list[bytearray] = [bytearray()]
        for line in lines:
            self.add(leaf_hash(line))

    def __len__(self) -> int:
        return len(self._levels[0]) // WIDTH

    def add(self, leaf: bytes) -> None:
        """Add the hash of the next entry."""
        index, levels, level = len(self), self._levels, 0
        levels[0] += leaf
        while index & 1:
            leaf = node_hash(bytes(levels[level][-2 * WIDTH : -WIDTH]), leaf)
            index, level = index >> 1, level + 1
            if level == len(levels):
                levels.append(bytearray())
            levels[level] += leaf

    def leaf(self, index: int) -> bytes:
        self._check(index + 1)
        return self._node(0, index)

    def root(self, size: int | None = None) -> bytes:
        """The root of the first ``size`` entries; of all by default."""
        size = len(self) if size is None else size
        self._check(size)
        return self._part(0, size) if size else EMPTY

    def inclusion(self, index: int, size: int | None = None) -> list[bytes]:
        """What shows that entry ``index`` is one of the first ``size``, from the leaf up (RFC 6962, 2.1.1)."""
        size = len(self) if size is None else size
        self._check(size)
        if not 0 <= index < size:
            raise IndexError(f"there is no entry {index} among {size}")
        proof, start, end = [], 0, size
        while end - start > 1:
            middle = start + _split(end - start)
            if index < middle:
                proof.append(self._part(middle, end))
                end = middle
            else:
                proof.append(self._part(start, middle))
                start = middle
        return proof[::-1]

    def consistency(self, old: int, size: int | None = None) -> list[bytes]:
        """What shows that the first ``old`` entries are still those of ``size`` (RFC 6962, 2.1.2)."""
        size = len(self) if size is None else size
        self._check(size)
        if not 0 <= old <= size:
            raise IndexError(f"there is no older size {old} of {size}")
        if old in (0, size):
            return []
        proof, start, end, known = [], 0, size, True
        while end != old:
            middle = start + _split(end - start)
            if old <= middle:
                proof.append(self._part(middle, end))
                end = middle
            else:
                proof.append(self._part(start, middle))
                start, known = middle, False
        if not known:
            proof.append(self._part(start, end))
        return proof[::-1]

    def _check(self, size: int) -> None:
        if not 0 <= size <= len(self):
            raise IndexError(f"the log has {len(self)} entries, not {size}")

    def _node(self, level: int, index: int) -> bytes:
        return bytes(self._levels[level][index * WIDTH : (index + 1) * WIDTH])

    def _part(self, start: int, end: int) -> bytes:
        """The root of D[start:end], where start is a multiple of the power of two at or above end - start."""
        count = end - start
        if count & (count - 1) == 0:
            level = count.bit_length() - 1
            return self._node(level, start >> level)
        middle = start + _split(count)
        return node_hash(self._part(start, middle), self._part(middle, end))


def _split(count: int) -> int:
    """The largest power of two below ``count``."""
    return 1 << ((count - 1).bit_length() - 1)
