"""The feed of changes of a register (Atom 1.0, RFC 4287): its newest entries, each with an id for good."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from urllib.parse import quote
from xml.etree import ElementTree

from soke.register.history import Told
from soke.register.published import Published
from soke.report.register_parts import plain
from soke.site.contents import Page, Site
from soke.site.registers.shared import FEED, INDEX, digest, path_of, published, title_of, vouched_of

ATOM = "http://www.w3.org/2005/Atom"
MOST, LONGEST_TITLE = 50, 120
NEVER = "1970-01-01T00:00:00Z"
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def pages(site: Site, slug: str, register: Published) -> Iterator[Page]:
    yield Page(path_of(slug, FEED), partial(_feed, slug=slug), (digest(register), site.asked.base, site.asked.today))


def id_of(register: str, number: int | None = None) -> str:
    """What names a register, or an entry of it, for good: by its name and number, wherever it is published."""
    name = f"urn:soke:register:{quote(register, safe='/.~-')}"
    return name if number is None else f"{name}:{number}"


def _feed(site: Site, slug: str) -> bytes:
    register, base = published(site, slug), site.asked.base.rstrip("/") + "/"
    top = base + path_of(slug, "")
    newest = register.told[-MOST:][::-1]
    feed = ElementTree.Element("feed", {"xmlns": ATOM, "xml:lang": "en-GB"})
    rehearsal = "REHEARSAL: " if register.rehearsal else ""
    _text(feed, "id", id_of(register.name))
    _text(feed, "title", f"{rehearsal}{title_of(register)}: what is recorded")
    _text(feed, "updated", _moment(newest[0]) if newest else NEVER)
    ElementTree.SubElement(feed, "link", {"rel": "self", "type": "application/atom+xml", "href": f"{top}{FEED}"})
    ElementTree.SubElement(feed, "link", {"rel": "alternate", "type": "text/html", "href": f"{top}{INDEX}"})
    _text(ElementTree.SubElement(feed, "author"), "name", register.name)
    addresses = vouched_of(register).addresses
    for line in newest:
        _entry(feed, register, line, f"{top}{addresses.entry(line.number)}")
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
