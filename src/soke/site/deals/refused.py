"""The page of a deal file that is not shown as a deal: it cannot be read, has errors, or shares its id."""

from __future__ import annotations

from soke import text
from soke.report.markup import Child, el
from soke.site.contents import Site
from soke.site.deal_given import GivenDeal
from soke.site.deals.parts import block, findings_list, place_links
from soke.site.frame import DEALS, link, site_page


def refused_page(site: Site, slug: str) -> str:
    """The whole HTML text: why it is refused, and what to do."""
    one = site.deals.of(slug)
    notice = el("strong", "Nothing of this file is shown as a deal.")
    return site_page(site, one.path, f"{one.title}: not shown", *_main(one), trail=(("Deals", DEALS),), notice=notice,
                     style="deals.css")  # fmt: skip


def _main(one: GivenDeal) -> list[Child]:
    if one.state == "twice":
        files = text.listed([text.one_line(file) for file in one.twins])
        return [
            el("h1", f"Two deals cannot be one: {len(one.twins)} files have the id {one.id}"),
            el("p", f"The files are {files}. Nobody can tell which of them holds, so neither is shown." if
               len(one.twins) == 2 else f"The files are {files}. Nobody can tell which holds, so none is shown.",
               class_="lead"),
            el("p", "What to do: give each deal an id of its own, or take the old file out of the folder."),
            el("p", link(one.path, "All deals", DEALS)),
        ]  # fmt: skip
    errors = one.checked.errors if one.checked else ()
    shown = one.checked.findings if one.checked else ()
    if one.state == "unread":
        heading = f"{one.title} cannot be read as a deal"
        lead = text.one_line(one.unread) or "What stops it is listed here, line by line. Nothing else of it is known."
    else:
        heading = f"{one.title} is broken: the check found {text.counted(len(errors), 'error')}"
        lead = "Its powers and sums are not shown: they may be wrong. Each error says on which line, and what to do."
    return [
        el("h1", heading), el("p", lead, class_="lead"), *_whose(one),
        block("findings", "What the check found", *findings_list(one.path, one, shown)) if shown else None,
    ]  # fmt: skip


def _whose(one: GivenDeal) -> list[Child]:
    if one.deal is None:
        return []
    return [el("p", f"The file: {text.one_line(one.file)}."), *place_links(one.path, one)]
