"""Read the three files: the framework, a deal laid over it, a scenario.

A file that cannot be opened raises SokeError. What is wrong inside a deal comes back as findings, as many as one pass
can see.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from soke.deal.document import (
    LARGEST,
    Document,
    Ignore,
    Node,
    Unread,
    all_faults,
    overlay,
    parse_document,
    read_document,
)
from soke.deal.finding import Finding
from soke.deal.keys import SCHEMAS, item_type, keys_of
from soke.deal.layers import laid, of_schema
from soke.deal.packaged import DEFAULT_SCENARIO, OFFER, OFFERS, PACKAGED, SCENARIOS, content, packaged
from soke.deal.scenario_limits import faults
from soke.deal.taken_up import taken_up
from soke.deal.typed import BAD, Typed, key_places
from soke.deal.types import Deal, Framework, Scenario
from soke.errors import Location, SokeError
from soke.files import read_whole


class PlaceOf(Protocol):
    """What the deal room asks of a place."""

    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def county(self) -> str: ...
    @property
    def combined_authority(self) -> str: ...


class PlaceNames(Protocol):
    """Look-up of places by ONS code; ``soke.england.places.places()`` is one."""

    def get(self, code: str, /) -> PlaceOf | None: ...
    def members(self, code: str, /) -> tuple[str, ...]: ...
    def find(self, text: str, /) -> PlaceOf: ...


@dataclass(frozen=True, slots=True)
class Reading:
    """A deal as far as it could be read, and what is wrong with how it is written.

    ``suspects`` names the kinds of item (``fund``, ``condition``) of which some could not be read. ``named`` are the
    member codes as the file gives them. ``content``: the bytes of the deal file that was read, where it was a file.
    ``as_meant``: of a file that is not TOML, the deal that was probably meant: to find its other faults, never to use.
    """

    deal: Deal | None
    findings: tuple[Finding, ...]
    ignores: tuple[Ignore, ...] = ()
    suspects: frozenset[str] = field(default_factory=frozenset)
    named: tuple[str, ...] = ()
    content: bytes = b""
    as_meant: Deal | None = None


def read_deal(path: Path | str, places: PlaceNames, shown: str = "") -> Reading:
    """Read a deal file, once, and lay it over the framework that it extends. ``shown`` names the file in findings."""
    shown = shown or str(path)
    content = read_whole(Path(path), shown, LARGEST)
    return reading_of(parse_document(content, shown), content, places, Path(path).parent)


def reading_of(document: Document | Finding, content: bytes, places: PlaceNames, folder: Path) -> Reading:
    """The deal of bytes at hand, as :func:`parse_document` made them, as if their file lay in ``folder``."""
    if isinstance(document, Finding):
        return replace(_read_on(document, places, folder), content=content)
    return replace(read_layers([document], places, folder), content=content)


def read_file(path: Path | str, places: PlaceNames) -> Reading:
    """Read any of the three files by the schema that it names; only a deal's reading holds a deal."""
    document = read_document(Path(path), str(path))
    if isinstance(document, Finding):
        return _read_on(document, places, Path(path).parent)
    return _read_any(document, places, Path(path).parent)


def _read_any(document: Document, places: PlaceNames, folder: Path) -> Reading:
    named = document.root.text("schema").split("/")[0]
    others = [name for name in SCHEMAS if name.split("/")[0] == named and SCHEMAS[name] is not Deal]
    if not others:
        return read_layers([document], places, folder)
    typed = Typed()
    if SCHEMAS[others[0]] is Scenario:
        _scenario(document.root, folder, typed)
    elif of_schema(document.root, named, typed):
        _root_values(Framework, document.root, typed)
    return Reading(None, tuple(typed.findings), document.ignores)


def read_text(text: str, places: PlaceNames, file: str = "deal.toml") -> Reading:
    """Read a deal from text, as if from a file in the present folder."""
    document = parse_document(text.encode(), file)
    if isinstance(document, Finding):
        return _read_on(document, places, Path())
    return read_layers([document], places, Path())


def _read_on(unread: Finding, places: PlaceNames, folder: Path) -> Reading:
    """Of a file that is not TOML: what is wrong with how it is typed, and with the rest of it as it was meant."""
    rest = _read_any(unread.rest, places, folder) if isinstance(unread, Unread) and unread.rest else Reading(None, ())
    found = all_faults(unread, lambda _: rest.findings)
    whole = isinstance(unread, Unread) and not unread.left_out
    return replace(rest, deal=None, findings=found, as_meant=rest.deal if whole else None)


def read_terms(deal: str, framework: str, places: PlaceNames) -> Reading:
    """Read a deal from text over the framework in another text, whatever ``extends`` names: both are on record."""
    typed = Typed()
    document, offered = parse_document(deal.encode(), "deal.toml"), parse_document(framework.encode(), "framework.toml")
    if isinstance(document, Finding):
        return _read_on(document, places, Path())
    offer = _typed_offer(offered, typed)
    if offer is None or typed.findings:
        return Reading(None, tuple(typed.findings))
    return read_layers([document], places, Path(), offer)


def read_layers(
    layers: list[Document], places: PlaceNames, folder: Path, offer: tuple[Framework, Document] | None = None
) -> Reading:
    """Read a deal written in layers, each laid over the one before; paths in it are relative to ``folder``.

    ``offer`` is the framework where it is at hand; else it is read from what the deal extends.
    """
    root = layers[0].root
    for layer in layers[1:]:
        root = overlay(root, layer.root)
    typed = Typed()
    if not of_schema(root, "soke-deal", typed):
        return Reading(None, tuple(typed.findings))
    offer = offer or _framework_of(root, folder, typed)
    if offer is None:
        return Reading(None, tuple(typed.findings))
    framework, document = offer
    merged = taken_up(document.root, root, typed)
    values = _root_values(Deal, merged, typed)
    ignores = tuple(ignore for layer in (document, *layers) for ignore in layer.ignores)
    suspects = frozenset(typed.suspects)
    if BAD in values.values():
        return Reading(None, tuple(typed.findings), ignores, suspects)
    named = values.get("members", ())
    members = _members(values["place"], named, places)
    deal = Deal(at=root.at, keys=key_places(root), framework=framework, **{**values, "members": members})
    return Reading(deal, tuple(typed.findings), ignores, suspects, named)


def load_deal(path: Path | str, places: PlaceNames, *, in_part: bool = False) -> Deal:
    """A deal for use, not for checking. SokeError with the first fault if it cannot be read whole; ``in_part`` takes
    what there is of a deal of which some items cannot be read.
    """
    reading = read_deal(path, places)
    if reading.deal is None or (reading.findings and not in_part):
        raise first_fault(reading.findings, "Run `soke check` on the file.")
    return reading.deal


def framework_content(deal: Deal) -> bytes:
    """The bytes of the framework that a deal was laid over, read again: so it must be an ordinary file, or packaged."""
    named = deal.framework.at.file
    if named in PACKAGED:
        return (OFFER / Path(named).name).read_bytes()
    if not Path(named).is_file():
        raise SokeError("The framework is not an ordinary file, or is gone.", "Put it beside the deal.", named)
    return read_whole(Path(named), named, LARGEST)


def read_framework(name: Path | str, folder: Path | None = None) -> Framework:
    """The framework of a packaged name (``"england"``) or a path; SokeError with its place if it is broken."""
    typed = Typed()
    named, where = str(name), folder or Path()
    offer = _packaged_offer(named) if named in OFFERS else _typed_offer(_document_of(named, where), typed)
    if offer is None or typed.findings:
        raise first_fault(typed.findings)
    return offer[0]


def read_scenario(path: Path | str | None = None) -> Scenario:
    """The scenario of a path or a shipped name, the default one for None; SokeError with its place if it is broken."""
    name = DEFAULT_SCENARIO if path is None else str(path)
    if name in SCENARIOS:
        return _sound_scenario(packaged(SCENARIOS[name]), OFFER)
    return scenario_of(scenario_content(Path(name)), name, Path(name).parent)


def scenario_content(path: Path, shown: str = "") -> bytes:
    """The bytes of a scenario's file, or of a shipped scenario of that name. SokeError where it cannot be read."""
    if str(path) in SCENARIOS:
        return content(SCENARIOS[str(path)])
    try:
        return read_whole(path, shown or str(path), LARGEST)
    except SokeError as error:
        fix = f"{error.fix} Shipped ones: {', '.join(SCENARIOS)}." if error.code == "no-file" else error.fix
        raise SokeError(error.fact, fix, error.where, code=error.code) from None


def scenario_of(body: bytes, shown: str, folder: Path) -> Scenario:
    """The scenario of a file's bytes, as if they lay in ``folder``. SokeError with its place if it is broken."""
    return _sound_scenario(parse_document(body, shown), folder)


def _sound_scenario(document: Document | Finding, folder: Path) -> Scenario:
    typed = Typed()
    if isinstance(document, Finding):
        typed.findings.extend(all_faults(document, lambda rest: ()))
    elif (scenario := _scenario(document.root, folder, typed)) is not None and not typed.findings:
        return scenario
    raise first_fault(typed.findings)


def _scenario(root: Node, folder: Path, typed: Typed) -> Scenario | None:
    """A scenario, when it could be read; once its form is sound, what its figures may not be is found too."""
    whole = laid(root, folder, typed)
    if whole is None:
        return None
    values = _root_values(Scenario, whole.root, typed)
    if BAD in values.values():
        return None
    scenario = Scenario(
        at=root.at, keys=key_places(whole.root), files=whole.files, cut_places=whole.cut_places, **values
    )
    if not typed.findings:
        typed.findings.extend(faults(scenario))
    return scenario


def first_fault(findings: Sequence[Finding], then: str = "") -> SokeError:
    """The first of the faults for which a file cannot be used, how many more there are, and what to do ``then``."""
    first = min(findings)
    more = f"There are {len(findings) - 1} more faults." if len(findings) > 1 else ""
    return SokeError(first.fact, " ".join(filter(None, (first.fix, more, then))), first.at)


def _framework_of(root: Node, folder: Path, typed: Typed) -> tuple[Framework, Document] | None:
    node = root.table.get("extends")
    if node is None:
        typed.find(root.at, "DV003", 'The deal has no "extends".', 'Say which offer it takes up: extends = "england".')
        return None
    if not isinstance(node.value, str):
        typed.find(node.at, "DV005", '"extends" should be text.', 'Write extends = "england".')
        return None
    return _read_offer(node.value, folder, node.at, typed)


def _read_offer(name: str, folder: Path, at: Location, typed: Typed) -> tuple[Framework, Document] | None:
    """The framework of a packaged name or a path; None, with findings, if it is broken."""
    if name in OFFERS:
        return _packaged_offer(name)
    try:
        return _typed_offer(_document_of(name, folder), typed)
    except SokeError as error:
        typed.find(at, "DV005", error.fact, 'Write "england", or a path from this file.')
        return None


def _document_of(name: str, folder: Path) -> Document | Finding:
    try:
        return read_document(folder / name)
    except SokeError as error:
        fact = f'The framework "{name[:80]}" cannot be read: {error.fact}'
        raise SokeError(fact, f"Name {' or '.join(OFFERS)}, or the path of a file.", code=error.code) from None


@cache
def _packaged_offer(name: str) -> tuple[Framework, Document] | None:
    """A framework that the package ships, read once; a test holds it sound."""
    return _typed_offer(packaged(name), Typed())


def _typed_offer(document: Document | Finding, typed: Typed) -> tuple[Framework, Document] | None:
    if isinstance(document, Finding):
        typed.findings.extend(all_faults(document, lambda rest: ()))
        return None
    if not of_schema(document.root, "soke-framework", typed):
        return None
    values = _root_values(Framework, document.root, typed)
    if BAD in values.values():
        return None
    return Framework(at=document.root.at, keys=key_places(document.root), **values), document


def _root_values(cls: type, root: Node, typed: Typed) -> dict[str, Any]:
    """The fields of a whole file. A faulty item of a list is left out; the rest of the list stays."""
    lists = {name: key for name, key in keys_of(cls).items() if item_type(key.hint)}
    plain = {name: node for name, node in root.table.items() if name not in lists}
    values = typed.values(cls, Node(plain, root.at), "The file")
    for name, value in list(values.items()):
        if value is BAD and name in _defaulted(cls):
            typed.suspects.add(name)
            del values[name]
    for name, key in lists.items():
        if name in root.table:
            values[key.field] = _items(item_type(key.hint), root.table[name], name, typed)
    return values


def _defaulted(cls: type) -> set[str]:
    return {key.field for key in keys_of(cls).values() if not key.required}


def _items(cls: type, node: Node, name: str, typed: Typed) -> tuple[Any, ...]:
    if not isinstance(node.value, list):
        typed.suspects.add(name)
        typed.value(tuple[cls, ...], node, name)  # type: ignore[valid-type]  # says how to write it
        return ()
    items = []
    for index, item in enumerate(node.items):
        called = item.text("id") or item.text("name") or item.text("of") or str(index + 1)
        value = typed.table(cls, item, f'{name.capitalize()} "{called[:80]}"')
        if value is BAD:
            typed.suspects.add(name)
        else:
            items.append(value)
    return tuple(items)


def _members(place: str, named: tuple[str, ...], places: PlaceNames) -> tuple[str, ...]:
    """Codes of the lower-tier and unitary authorities of the deal; empty where no code is known."""
    codes = named or (place,)
    known = (places.members(code) for code in codes if places.get(code) is not None)
    return tuple(sorted({member for members in known for member in members}))
