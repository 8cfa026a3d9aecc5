"""The hexagon layout of the 296 authorities, and which of them are on the coast."""

from __future__ import annotations

from functools import cache

from soke.england.tables import read_table


@cache
def hexes() -> dict[str, tuple[int, int]]:
    """Axial (q, r) cell of each authority, r growing southwards."""
    return {row["code"]: (int(row["q"]), int(row["r"])) for row in read_table("hexes")}


@cache
def coast() -> frozenset[str]:
    """Authorities on the sea or a tidal estuary, London apart (ONS boundaries)."""
    return frozenset(row["code"] for row in read_table("hexes") if row["coast"])


@cache
def borders() -> tuple[tuple[str, str], ...]:
    """Pairs of authorities that share a land border (ONS boundaries)."""
    return tuple((row["code_a"], row["code_b"]) for row in read_table("borders"))
