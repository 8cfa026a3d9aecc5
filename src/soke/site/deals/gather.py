"""Gathering deals: every deal file of a folder, read and checked; and results of runs, each given to its deal."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from soke.deal.check import Checked, check_reading
from soke.deal.document import LARGEST, Document, Unread, parse_document
from soke.deal.finding import Finding
from soke.deal.packaged import DEFAULT_SCENARIO
from soke.deal.reader import framework_content, reading_of
from soke.deal.types import Deal
from soke.england.places import places
from soke.errors import Location, SokeError
from soke.files import read_whole
from soke.report.deal_money import money_of
from soke.report.run.held import HeldRun, held_run
from soke.report.run.record import RUN
from soke.site.areas import Area, areas, by_code, by_name
from soke.site.contents import Asked, Link, Trouble
from soke.site.deal_given import Deals, GivenDeal, shortened
from soke.site.links import slug
from soke.text import counted, listed, one_line
from soke.version import __version__

OTHERS = ("soke-framework", "soke-scenario")
_SCHEMA = re.compile(rb'^\s*schema\s*=\s*"([a-z-]+)/', re.MULTILINE)
_ID = re.compile(rb'^\s*id\s*=\s*"([\w.-]{1,80})"', re.MULTILINE | re.ASCII)


@dataclass(frozen=True, slots=True)
class Gathered:
    """All deals, what there is of them by the path of a place's page, and what cannot be shown as it should."""

    deals: Deals
    concerning: Mapping[str, tuple[Link, ...]] = field(default_factory=dict)
    troubles: tuple[Trouble, ...] = ()


def gather_deals(asked: Asked) -> Gathered:
    """Every deal of ``asked.deals``, and the results of ``asked.runs``. What cannot be read is a deal that says so."""
    files = sorted(asked.deals.glob("*.toml")) if asked.deals else []
    read = [given for path in files if not path.name.startswith(".") and (given := _read(path)) is not None]
    results, troubles = _results(asked.runs)
    deals = sorted((_with_results(one, results) for one in _addressed(read)), key=_order)
    for result in results:
        if not any(one.id == result.deal and not one.twins for one in deals):
            said = "It is the result of a deal that was not given, so it is not shown."
            troubles.append(Trouble(result.folder, result.why or said))
    troubles += [Trouble(one.file, why) for one in deals for why in _why(one)]
    return Gathered(Deals(tuple(deals)), _concerning(deals), tuple(troubles))


def _order(given: GivenDeal) -> tuple[bool, str, str]:
    return given.good is None, given.title.casefold(), given.slug


def _why(given: GivenDeal) -> Iterator[str]:
    """What must be said of a deal to whoever builds the site."""
    if given.good is None:
        yield given.refused
    yield from given.results


# --- files ---


def _read(path: Path) -> GivenDeal | None:
    """A deal file; None for a framework or a scenario, which are no deals."""
    name = one_line(path.name)
    try:
        content = read_whole(path, name, LARGEST)
        document = parse_document(content, name)
        if _schema(document, content) in OTHERS:
            return None
        reading = reading_of(document, content, places(), path.parent)
        checked = _shown(check_reading(reading, places()), path.parent)
        framework = framework_content(reading.deal) if reading.deal else b""
    except SokeError as error:
        why = f"{error.fact} {error.fix}".strip()
        return GivenDeal(slug="", file=name, id="", unread=one_line(why), stamp=why)
    deal, stamp = reading.deal, hashlib.sha256(reading.content + b"\0" + framework).hexdigest()
    given = GivenDeal(slug="", file=name, id=deal.id if deal else _id(document, content), deal=deal,
                      checked=checked, text=reading.content.decode("utf-8-sig", "replace"), stamp=stamp)  # fmt: skip
    if deal is None:
        return given
    known = by_code()
    members = tuple(known[code] for code in deal.members if code in known)
    return replace(given, area=_area(deal), members=members, money=money_of(deal) if given.good else None)


def _schema(document: Document | Finding, content: bytes) -> str:
    found = _whole(document)
    if found is not None:
        return found.root.text("schema").split("/")[0]
    named = _SCHEMA.search(content)
    return named[1].decode() if named else ""


def _id(document: Document | Finding, content: bytes) -> str:
    """The id of a file that is no whole deal, as far as it can be told."""
    found = _whole(document)
    if found is not None:
        return found.root.text("id")
    named = _ID.search(content)
    return named[1].decode() if named else ""


def _whole(document: Document | Finding) -> Document | None:
    if isinstance(document, Document):
        return document
    return document.rest if isinstance(document, Unread) else None


def _shown(checked: Checked, folder: Path) -> Checked:
    """The same with files named from the folder of the deals: no page tells where that lies."""
    top = f"{folder.as_posix()}/"

    def at(finding: Finding) -> Finding:
        file = finding.at.file.removeprefix(top)
        place = Location(file, finding.at.line, finding.at.column)
        fact, fix = (said.replace(top, "") for said in (finding.fact, finding.fix))
        return Finding(place, finding.code, finding.severity, fact, fix)

    silenced = tuple((at(finding), reason) for finding, reason in checked.silenced)
    return replace(checked, findings=tuple(map(at, checked.findings)), silenced=silenced)


def _area(deal: Deal) -> Area | None:
    """The place of a deal that has a page: by its code, its name, or its councils."""
    found = by_code().get(deal.place) or by_name().get(deal.place)
    if found is not None:
        return found
    return next((area for area in areas() if area.members == deal.members and len(area.members) > 1), None)


def _addressed(read: Sequence[GivenDeal]) -> Iterator[GivenDeal]:
    """Each deal with an address of its own; files of one id, or of ids that are written alike, have one together."""
    known: dict[str, list[GivenDeal]] = {}
    for given in read:
        if given.id:
            known.setdefault(slug(given.id), []).append(given)
    for address, those in known.items():
        twins = tuple(one.file for one in those) if len(those) > 1 else ()
        stamp = hashlib.sha256(repr([(one.file, one.stamp) for one in those]).encode()).hexdigest()
        yield replace(those[0], slug=address, twins=twins, stamp=stamp)
    taken = set(known)
    for given in read:
        if not given.id:
            address = free = slug(Path(given.file).stem)
            number = 1
            while free in taken:
                number += 1
                free = f"{address}-{number}"
            taken.add(free)
            yield replace(given, slug=free, id=Path(given.file).stem)


# --- results ---


@dataclass(frozen=True, slots=True)
class _Result:
    """A result in a folder: the id of its deal, and the result, or why it is not shown."""

    folder: str
    deal: str
    run: HeldRun | None = None
    why: str = ""


def _results(folder: Path | None) -> tuple[list[_Result], list[Trouble]]:
    results, troubles = list[_Result](), list[Trouble]()
    for path in sorted(folder.iterdir()) if folder else ():
        name = one_line(path.name)
        try:
            if path.name.startswith(".") or not path.is_dir() or _is_pages(path):
                continue
            run = held_run(path)
            results.append(_Result(name, run.deal, run))
        except SokeError as error:
            if error.code == "no-file":
                troubles.append(Trouble(name, error.fact))
            else:
                results.append(_Result(name, _named_in(path), None, error.fact))
        except OSError as error:
            troubles.append(Trouble(name, f"The folder cannot be read: {error.strerror}."))
    return results, troubles


def _is_pages(folder: Path) -> bool:
    """Whether it is a site or a handbook, which may lie beside results in one folder."""
    return (folder / "index.html").is_file() and not (folder / RUN).exists()


def _named_in(folder: Path) -> str:
    """The deal that an altered result names, to say on its page that it was altered; else as its folder is called."""
    try:
        record = json.loads(read_whole(folder / RUN, RUN, LARGEST))
    except (ValueError, RecursionError, SokeError):
        record = None
    named = record.get("deal") if isinstance(record, dict) else None
    return named if isinstance(named, str) else folder.name


def _with_results(given: GivenDeal, results: Iterable[_Result]) -> GivenDeal:
    """The deal with the result that belongs to its text, and a sentence on each that is not shown."""
    mine = [result for result in results if result.deal == given.id] if given.good else []
    own = _hashes(given)
    fresh = [one.run for one in mine if one.run and (one.run.deal_sha256, one.run.framework_sha256) == own]
    fresh.sort(key=lambda run: (run.scenario != DEFAULT_SCENARIO, run.version != __version__, -run.draws,
                                run.folder.name))  # fmt: skip
    said = [f"{one.why} No number of it is shown." for one in mine if one.why]
    if any(one.run and one.run not in fresh for one in mine):
        said.append("The deal file or its offer changed since a result was made: run it again. No number of that"
                    " result is shown.")  # fmt: skip
    if len(fresh) > 1:
        others = listed([f"scenario {shortened(run.scenario)}, {counted(run.draws, 'draw')}" for run in fresh[1:]])
        said.append(f"{counted(len(fresh) - 1, 'more result')} of this deal is there and not shown: {others}.")
    run = fresh[0] if fresh else None
    stamp = repr((given.stamp, said, sorted(run.files.items()) if run else None))
    return replace(given, run=run, results=tuple(said), stamp=hashlib.sha256(stamp.encode()).hexdigest())


def _hashes(given: GivenDeal) -> tuple[str, str]:
    """The SHA-256 of the texts of a deal and of its framework, as a run records them."""
    if given.deal is None:
        return "", ""
    texts = given.text, framework_content(given.deal).decode("utf-8-sig", "replace")
    first, second = (hashlib.sha256(text.encode()).hexdigest() for text in texts)
    return first, second


# --- places ---


def _concerning(given: Iterable[GivenDeal]) -> dict[str, tuple[Link, ...]]:
    """Of every place that a deal is for, and of its councils, the deals."""
    found: dict[str, list[Link]] = {}
    for one in given:
        if one.deal is None or one.twins:
            continue
        words = one.title if one.good else f"{one.title}: the check found errors in it"
        for path in dict.fromkeys(area.path for area in (*([one.area] if one.area else []), *one.members)):
            found.setdefault(path, []).append(Link("deal", words, one.path))
    return {path: tuple(links) for path, links in found.items()}
