"""One small builder of HTML and SVG: every text and attribute is escaped, nothing is pasted together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import TypeAlias

VOID = frozenset({"meta", "link", "br", "hr", "img", "input", "col", "source", "wbr"})
DRAWN = frozenset({"path", "rect", "line", "circle", "use"})  # an empty one closes itself: charts have many
Child: TypeAlias = "Element | Trusted | str | None"
Attribute: TypeAlias = "str | float | None"


@dataclass(frozen=True, slots=True)
class Trusted:
    """Text that goes out as it is. Only for style sheets and scripts that the package ships."""

    text: str


@dataclass(frozen=True, slots=True)
class Element:
    tag: str
    attributes: tuple[tuple[str, str], ...]
    children: tuple[Child, ...]

    def __str__(self) -> str:
        return "".join(self._parts())

    def _parts(self) -> Iterator[str]:
        yield f"<{self.tag}"
        for name, value in self.attributes:
            yield f' {name}="{escape(value, quote=True)}"'
        if self.tag in DRAWN and not self.children:
            yield "/>"
            return
        yield ">"
        for child in self.children:
            if isinstance(child, Element):
                yield from child._parts()
            elif isinstance(child, Trusted):
                yield child.text
            elif child is not None:
                yield escape(child, quote=False)
        if self.tag not in VOID:
            yield f"</{self.tag}>"


def el(tag: str, *children: Child, **attributes: Attribute) -> Element:
    """An element. ``class_`` is written ``class``, ``aria_label`` is written ``aria-label``; None leaves one out."""
    named = tuple(
        (name.rstrip("_").replace("_", "-"), number(value) if isinstance(value, int | float) else value)
        for name, value in attributes.items()
        if value is not None
    )
    return Element(tag, named, children)


def number(value: float) -> str:
    """A coordinate with at most two decimals, so that the bytes do not depend on the last bit."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
