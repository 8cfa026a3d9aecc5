"""The glossary: every term that pages use, in plain words, with a link to where it is used."""

from __future__ import annotations

from collections.abc import Iterator

from soke.report.markup import Child, el
from soke.report.shell import contents
from soke.site.check.parts import STYLE, block
from soke.site.contents import Page, Site
from soke.site.frame import WORDS, link, site_page
from soke.site.links import slug
from soke.site.words import Word, words
from soke.text import counted


def pages(site: Site) -> Iterator[Page]:
    """The one page."""
    yield Page(WORDS, words_page)


def words_page(site: Site) -> str:
    """The whole HTML text."""
    groups: dict[str, list[Word]] = {}
    for each in words().values():
        groups.setdefault(each.group, []).append(each)
    lead = (
        f"{counted(len(words()), 'word')}, each in at most forty plain ones. On other pages a word with a dashed line "
        "under it opens its meaning where it stands."
    )
    parts = [(_id(group), group) for group in groups]
    sections = (_group(group, those) for group, those in groups.items())
    return site_page(
        site, WORDS, "Words we use", el("h1", "Words we use, and what we mean by them"), el("p", lead, class_="lead"),
        contents(parts), *sections, style=STYLE,
    )  # fmt: skip


def _group(group: str, those: list[Word]) -> Child:
    items: list[Child] = []
    for each in sorted(those, key=lambda w: w.term.casefold()):
        items.append(el("dt", each.term, id=each.key))
        items.append(el("dd", each.meaning, " ", el("span", "Used in ", link(WORDS, each.used_in, each.page), ".",
                                                    class_="small")))  # fmt: skip
    return block(_id(group), group, el("dl", *items, class_="words"))


def _id(group: str) -> str:
    """Apart from the ids of the words, which stay as they are."""
    return f"group-{slug(group)}"
