"""The feed of changes of a register (Atom 1.0, RFC 4287): its newest entries, each with an id for good."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from functools import partial
from urllib.parse import quote
from xml.etree import ElementTree

from soke.register.history import Told
from soke.register.published import Published, Unverified
from soke.report.register_parts import plain
from soke.site.contents import Page, Site
from soke.site.registers.shared import FEED, INDEX, path_of, published, stamp, title_of, vouched_of, whose_copy_is

ATOM = "http://www.w3.org/2005/Atom"
MOST, LONGEST_TITLE = 50, 120
NEVER = "1970-01-01T00:00:00Z"
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def pages(site: Site, slug: str, register: Published) -> Iterator[Page]:
    yield Page(path_of(slug, FEED), partial(_feed, slug=slug), (*stamp(site, slug), site.asked.base, site.asked.today))


def failing_pages(site: Site, slug: str, found: Unverified) -> Iterator[Page]:
    """The feed of a register that fails."""
    if found.is_register:
        yield Page(path_of(slug, FEED), partial(_failing, slug=slug), (found.why, site.asked.base, site.asked.today))


def id_of(register: str, number: int | None = None) -> str:
    """What names a register, or an entry of it, for good: by its name and number, wherever it is published."""
    name = f"urn:soke:register:{quote(register, safe='/.~-')}"
    return name if number is None else f"{name}:{number}"


def _feed(site: Site, slug: str) -> bytes:
    register, top = published(site, slug), _top(site, slug)
    newest = register.told[-MOST:][::-1]
    older = f" ({whose_copy_is(site, slug).lower()})" if slug in site.newer else ""
    title = f"{'REHEARSAL: ' if register.rehearsal else ''}{title_of(register)}: what is recorded{older}"
    updated = _moment(newest[0]) if newest else NEVER
    feed = _head(id_of(register.name), title, updated, register.name, top)
    addresses = vouched_of(register).addresses
    for line in newest:
        _entry(feed, register, line, f"{top}{addresses.entry(line.number)}")
    return _bytes(feed)


def _failing(site: Site, slug: str) -> bytes:
    """One entry: that it fails, and why. Who follows the register would else be told nothing at all."""
    found, top = site.registers[slug], _top(site, slug)
    assert isinstance(found, Unverified)
    why = hashlib.sha256(found.why.encode("utf-8", "replace")).hexdigest()[:16]
    id_, name, day = f"urn:soke:failing:{slug}", title_of(found), f"{site.asked.today:%Y-%m-%d}T00:00:00Z"
    feed = _head(id_, f"{name}: fails its check", day, name, top)
    entry = ElementTree.SubElement(feed, "entry")
    _text(entry, "id", f"{id_}:{why}")
    _text(entry, "title", "This register fails its check: nothing in it is shown")
    _text(entry, "updated", day)
    ElementTree.SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": f"{top}{INDEX}"})
    _text(entry, "content", plain(found.why)).set("type", "text")
    return _bytes(feed)


def _top(site: Site, slug: str) -> str:
    return f"{site.asked.base.rstrip('/')}/{path_of(slug, '')}"


def _head(id_: str, title: str, updated: str, author: str, top: str) -> ElementTree.Element:
    feed = ElementTree.Element("feed", {"xmlns": ATOM, "xml:lang": "en-GB"})
    _text(feed, "id", id_)
    _text(feed, "title", title)
    _text(feed, "updated", updated)
    ElementTree.SubElement(feed, "link", {"rel": "self", "type": "application/atom+xml", "href": f"{top}{FEED}"})
    ElementTree.SubElement(feed, "link", {"rel": "alternate", "type": "text/html", "href": f"{top}{INDEX}"})
    _text(ElementTree.SubElement(feed, "author"), "name", author)
    return feed


def _bytes(feed: ElementTree.Element) -> bytes:
    text = ElementTree.tostring(feed, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'.encode()


def _entry(feed: ElementTree.Element, register: Published, line: Told, address: str) -> None:
    entry = ElementTree.SubElement(feed, "entry")
    said = plain(line.sentence)
    short = said if len(said) <= LONGEST_TITLE else f"{said[: LONGEST_TITLE - 1].rstrip(' ,;')}…"
    _text(entry, "id", id_of(register.name, line.number))
    _text(entry, "title", f"{line.number}: {short}")
    _text(entry, "updated", _moment(line))
    ElementTree.SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": address})
    _text(ElementTree.SubElement(entry, "author"), "name", plain(f"{line.person}, for {line.party}"))
    _text(entry, "content", said).set("type", "text")


def _text(parent: ElementTree.Element, tag: str, text: str) -> ElementTree.Element:
    made = ElementTree.SubElement(parent, tag)
    made.text = _NOT_XML.sub("\ufffd", text)
    return made


def _moment(line: Told) -> str:
    return f"{line.at:%Y-%m-%dT%H:%M:%SZ}"
