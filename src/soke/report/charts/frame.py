"""What maps share: the named frame, the colours of the page, and text."""

from __future__ import annotations

from soke.report.markup import Child, Element, el, number

INK, PAPER = "var(--ink)", "var(--paper)"
ON_PALE = "#16212a"  # letters and edges on the pale colours of a map, in light and dark alike


def frame(chart_id: str, title: str, description: str, width: float, height: float, *drawn: Child) -> Element:
    """An SVG image with a title and a description that a screen reader speaks."""
    return el(
        "svg",
        el("title", title, id=f"{chart_id}-title"),
        el("desc", description, id=f"{chart_id}-desc"),
        *drawn,
        viewBox=f"0 0 {number(width)} {number(height)}",
        role="img",
        aria_labelledby=f"{chart_id}-title {chart_id}-desc",
        class_="chart",
    )


def text(x: float, y: float, said: str, *, anchor: str = "start", size: float = 13, **more: str) -> Element:
    """Text at its baseline. ``more`` holds further attributes, as ``font_weight="700"``."""
    return el("text", said, x=x, y=y, text_anchor=anchor, font_size=size, **{"fill": INK, **more})
