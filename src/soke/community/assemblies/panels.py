"""Panels: those that were found, and how the next one is.

A linear programme gives a vertex of the polytope, nearly always whole but for a few types; a small search over those
few, and some others, makes it whole. Where there are many types both look at the worthiest first.
"""

from __future__ import annotations

import numpy as np

from soke.community.assemblies.polytope import Face, Floats, Polytope, Whole, best_point, whole_face
from soke.errors import SokeError

NEAR = 1e-6  # of a person: whole
SOME = 300  # types that are looked at first where there are more
AROUND = (20, 40, 80)  # types that a small search may move beside those that are not whole
NODES = 500  # after which a small search is given up
NEARLY = 0.02  # of the best, with ``MORE`` a place: any good panel will do
MORE = 5.0


class Panels:
    """Distinct panels in the order they were found."""

    def __init__(self, polytope: Polytope, panels: Whole | None = None) -> None:
        self._polytope = polytope
        self._seen: dict[bytes, Whole] = {}
        for panel in panels if panels is not None else ():
            self.add(panel)

    def add(self, panel: Floats | Whole) -> bool:
        """Whether this panel is new. AssertionError where it breaks a quota: no such panel may be drawn."""
        whole = np.asarray(np.round(panel), dtype=np.int64)
        assert self._polytope.admits(whole), "a panel breaks a quota"
        key = whole.tobytes()
        new = key not in self._seen
        self._seen.setdefault(key, whole)
        return new

    def __len__(self) -> int:
        return len(self._seen)

    def table(self) -> Whole:
        return np.array(list(self._seen.values()), dtype=np.int64).reshape(len(self), len(self._polytope.people))


def some_panel(polytope: Polytope, worth: Floats) -> Floats:
    """A panel with a large ``worth @ x``. SokeError where no panel keeps the quotas."""
    panel, _ = best_point(polytope, whole_face(polytope), worth + MORE, gap=NEARLY)
    if panel is None:
        raise SokeError("No panel of these people keeps the quotas.", "Ask `soke assembly check` what to change.")
    return panel


def make_panel(polytope: Polytope, face: Face, worth: Floats, turn: int) -> Floats | None:
    """A panel of ``face`` that is good for ``worth`` (type,), though not surely the best. None where none was found.

    ``turn`` seeds which types may move, so that the same input makes the same panels.
    """
    moving = np.flatnonzero(face.upper > face.lower)
    best = moving[np.argsort(-worth[moving], kind="stable")]
    chance = np.random.default_rng(turn)
    for few in (best[:SOME], best) if len(moving) > 2 * SOME else (best,):
        point, _ = best_point(polytope, face, worth, whole=False, free=few.tolist(), held=face.lower)
        if point is None:
            continue
        apart = np.abs(point - np.round(point)) > NEAR
        if not apart.any():
            return np.round(point)
        held = np.clip(np.round(point), face.lower, face.upper)
        for more in AROUND:
            chosen = apart.copy()
            chosen[chance.choice(few, min(more, len(few)), replace=False)] = True
            free = np.flatnonzero(chosen).tolist()
            panel, _ = best_point(polytope, face, worth + MORE, free=free, held=held, nodes=NODES, gap=NEARLY)
            if panel is not None:
                return panel
    return best_point(polytope, face, worth + MORE, nodes=10 * NODES, gap=NEARLY)[0]
