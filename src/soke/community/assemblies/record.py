"""What is published of a draw: a folder of plain files, and how they are written and read back.

``statement.json`` says what was promised before the draw, with the SHA-256 of the other files: ``people.csv`` (ids and
the categories of the quotas, nothing else), ``quotas.csv``, ``panels.csv`` (one a line), ``chances.csv`` (on how many
panels each person is, and the bound) and ``bound.json``. ``drawn.json`` comes with the draw. Replacements are folders
like it within: ``replacement-1``, ``replacement-2``.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from soke.community.assemblies.certificate import PLACES, Stage
from soke.community.assemblies.draw import TITLE, is_hash
from soke.community.assemblies.pool import Pool, Quota, read_pool
from soke.community.assemblies.types import Types
from soke.community.handed_in import rows_of
from soke.errors import Faults, SokeError
from soke.files import read_whole

STATEMENT, DRAWN = "statement.json", "drawn.json"
PEOPLE, QUOTAS, PANELS, CHANCES, BOUND = "people.csv", "quotas.csv", "panels.csv", "chances.csv", "bound.json"
FILES = (PEOPLE, QUOTAS, PANELS, CHANCES, BOUND)
HOUSEHOLD = "household"
FEWEST_PANELS, MOST_PANELS = 100, 100_000
ON_AT_LEAST = 10  # panels for each person: a chance is then out by less than a tenth, and never by a fifth
NO_CHANCE = Fraction(1, 10**8)
_LARGEST = 100_000_000
_DECIMAL = re.compile(r"-?[0-9]{1,40}(?:\.[0-9]{1,40})?", re.ASCII)
_COUNTS = {
    "round": 63,
    "size": 10_000,
    "panels": MOST_PANELS,
    "per_household": 10_000,
    "pool": 200_000,
    "never": 200_000,
}
_SOME = {"size", "panels", "pool"}  # of which there is at least one


@dataclass(frozen=True, slots=True)
class After:
    """What a replacement follows: the SHA-256 of the draw before, who stays, who left, and who else is not asked, by
    id, with the reason; none for those who left in a draw before."""

    drawn: str
    kept: tuple[str, ...]
    left: tuple[str, ...]
    away: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What is promised before the draw. ``files`` has their SHA-256, ``hash`` is that of the statement itself."""

    round: int
    aim: str
    size: int
    panels: int
    per_household: int
    pool: int
    never: int  # people who are on no panel that keeps the quotas
    smallest: Fraction  # the chance of the least favoured of the others
    furthest: Fraction
    commitment: str
    public_value: str  # what it will be, in words
    form: str
    files: Mapping[str, str]
    rehearsal: bool = False  # the secret may have been known before
    households: str = ""  # how they were told apart; not said by older statements
    after: After | None = None
    hash: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """What came out. ``hash`` is the SHA-256 of the file."""

    statement: str
    secret: str
    public_value: str
    number: int
    panel: tuple[str, ...]
    hash: str = ""


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def decimal_text(number: Fraction) -> str:
    """A decimal fraction of ``PLACES`` digits without what is zero at its end."""
    whole = round(number * 10**PLACES)
    digits = f"{abs(whole):0{PLACES + 1}d}"
    text = f"{digits[:-PLACES]}.{digits[-PLACES:]}".rstrip("0").rstrip(".")
    return f"-{text}" if whole < 0 else text


def csv_bytes(rows: Iterable[Sequence[object]]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode()


def json_bytes(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=1).encode() + b"\n"


def people_file(pool: Pool) -> bytes:
    """Ids and categories, and the numbers of households: never a name or an address."""
    if taken := {"id", HOUSEHOLD} & set(pool.categories):
        raise SokeError(f'A category is called "{taken.pop()}".', "Call it something else, in both files.")
    shared = any(pool.households)
    rows = [
        [one, *values, *([home] if shared else [])]
        for one, values, home in zip(pool.ids, pool.values, pool.households, strict=True)
    ]
    return csv_bytes([["id", *pool.categories, *([HOUSEHOLD] if shared else [])], *rows])


def read_people(content: bytes, where: str, quotas: tuple[Quota, ...]) -> Pool:
    """The pool of such a file. SokeError with the line."""
    _, header = next(rows_of(content, where, Faults()))
    return read_pool(content, where, quotas, "id", HOUSEHOLD if HOUSEHOLD in header else "")


def quotas_file(quotas: Sequence[Quota]) -> bytes:
    return csv_bytes([["category", "feature", "min", "max"], *([q.category, q.value, q.least, q.most] for q in quotas)])


def panels_file(panels: Sequence[Sequence[str]]) -> bytes:
    width = max(3, len(str(len(panels) - 1)))
    header = ["panel", *(f"person {place}" for place in range(1, len(panels[0]) + 1))]
    return csv_bytes([header, *([f"{number:0{width}d}", *panel] for number, panel in enumerate(panels))])


def chances_file(pool: Pool, types: Types, times: Mapping[str, int], levels: Mapping[int, Fraction]) -> bytes:
    of_person = types.of_person
    rows = [
        [one, of_person[row], times[one], decimal_text(levels[of_person[row]]) if of_person[row] in levels else ""]
        for row, one in enumerate(pool.ids)
    ]
    return csv_bytes([["id", "group", "panels", "bound"], *rows])


def bound_file(stages: Sequence[Stage]) -> bytes:
    def numbers(some: Mapping[int, Fraction]) -> dict[str, str]:
        return {str(key): decimal_text(value) for key, value in some.items()}

    return json_bytes(
        {
            "stages": [
                {
                    "level": decimal_text(stage.level), "weights": numbers(stage.weights), "held": numbers(stage.held),
                    "rows": numbers(stage.rows), "whole": None if stage.whole is None else decimal_text(stage.whole),
                }
                for stage in stages
            ]
        }
    )  # fmt: skip


def least_favoured(said: Statement) -> str:
    """The chance of those who have the smallest, as a sentence."""
    chance = f"{float(said.smallest):.2%}"
    if said.never:
        return f"{said.never:,} people fit no such panel; of the others the least favoured have {chance}."
    return f"The least favoured have a chance of {chance}."


def households_said(said: Statement) -> str:
    """How many of a household may be drawn, and how households were told apart, as a sentence."""
    how = said.households or "how they were told apart is not said"
    return f"At most {said.per_household} of each household. Households are as people.csv numbers them: {how}."


def smallest_of(types: Types, levels: Mapping[int, Fraction]) -> tuple[int, Fraction]:
    """How many people have no chance under the bound, and the smallest chance of the others."""
    never = sum(len(types.members[t]) for t, level in levels.items() if level <= NO_CHANCE)
    return never, min((level for level in levels.values() if level > NO_CHANCE), default=Fraction(0))


def fewest_panels(smallest: Fraction) -> int:
    """The fewest panels that show this smallest chance; fewer would leave the draw to who makes them, one entirely."""
    if smallest <= 0:
        return FEWEST_PANELS
    return max(FEWEST_PANELS, math.ceil(ON_AT_LEAST / smallest - Fraction(1, 1000)))  # a third is 0.3333


def counted(times: Mapping[str, int], panels: Sequence[Sequence[str]]) -> str:
    """The chances that people have by the panels themselves, as a sentence; those on none are left out."""
    low, high = min(times.values()), max(times.values())
    many = len({tuple(sorted(panel)) for panel in panels})
    ways = "All panels are the same: nothing is left to chance." if many == 1 else f"{many:,} of the panels differ."
    return (
        f"Counted on the panels, those who are on any have chances of {low / len(panels):.2%} ({low:,} panels) to "
        f"{high / len(panels):.2%} ({high:,}). {ways}"
    )


def statement_file(said: Statement) -> bytes:
    body: dict[str, object] = {
        "format": TITLE, "round": said.round, "aim": said.aim, "size": said.size, "panels": said.panels,
        "per_household": said.per_household, "pool": said.pool, "never": said.never,
        "smallest_chance": decimal_text(said.smallest),
        "furthest": decimal_text(said.furthest), "commitment": said.commitment, "public_value": said.public_value,
        "form": said.form, "rehearsal": said.rehearsal, "files": dict(said.files),
    }  # fmt: skip
    if said.households:
        body["households"] = said.households
    if said.after is not None:
        body["after"] = {
            "drawn": said.after.drawn, "kept": list(said.after.kept), "left": list(said.after.left),
            "away": dict(said.after.away),
        }  # fmt: skip
    return json_bytes(body)


def drawn_file(drawn: Drawn) -> bytes:
    return json_bytes(
        {
            "statement": drawn.statement, "secret": drawn.secret, "public_value": drawn.public_value,
            "number": drawn.number, "panel": list(drawn.panel),
        }
    )  # fmt: skip


def read_statement(folder: Path) -> Statement:
    """The statement of a folder. SokeError where it is not one."""
    path = folder / STATEMENT
    return statement_of(read_whole(path, str(path), _LARGEST), str(path))


def statement_of(content: bytes, where: str) -> Statement:
    """The statement of a file. SokeError where it is not one."""
    body = _parsed(content, where)
    counts = {key: _whole(body, key, most, where) for key, most in _COUNTS.items()}
    files = body.get("files")
    if body.get("format") != TITLE or not isinstance(files, dict) or set(files) != set(FILES):
        raise SokeError("This is not the statement of a draw.", "Fetch the published folder again.", where)
    if not all(is_hash(each) for each in (*files.values(), body.get("commitment"))):
        raise SokeError("A hash in this statement is not one.", "Fetch the published folder again.", where)
    after = body.get("after")
    if after is not None and not (isinstance(after, dict) and is_hash(after.get("drawn"))):
        raise SokeError("What this replacement follows is not said.", "Fetch the published folder again.", where)
    if not isinstance(body.get("rehearsal"), bool):
        raise SokeError("Whether this is a rehearsal is not said.", "Fetch the published folder again.", where)
    return Statement(
        **counts, aim=_text(body, "aim", where), smallest=_fraction(body.get("smallest_chance"), where),
        furthest=_fraction(body.get("furthest"), where), commitment=str(body["commitment"]),
        public_value=_text(body, "public_value", where), form=_text(body, "form", where),
        rehearsal=body["rehearsal"], files=files, hash=sha256(content),
        households=_text(body, "households", where) if "households" in body else "",
        after=None if after is None else After(
            after["drawn"], _texts(after.get("kept"), where), _texts(after.get("left"), where), _reasons(after, where)
        ),
    )  # fmt: skip


def read_drawn(folder: Path) -> Drawn | None:
    """What came out, or None before the draw. SokeError where the file is not such a one."""
    if not (folder / DRAWN).exists():
        return None
    body, content, where = _object(folder / DRAWN)
    if not is_hash(body.get("statement")) or not is_hash(body.get("secret")):
        raise SokeError("This is not what came out of a draw.", "Fetch the published folder again.", where)
    return Drawn(
        statement=body["statement"], secret=body["secret"], public_value=_text(body, "public_value", where),
        number=_whole(body, "number", MOST_PANELS, where), panel=_texts(body.get("panel"), where),
        hash=sha256(content),
    )  # fmt: skip


def read_stages(content: bytes, where: str) -> tuple[Stage, ...]:
    """The bound of a file. SokeError where it is not one."""
    body = _parsed(content, where)
    stages = body.get("stages")
    if not isinstance(stages, list) or not all(isinstance(stage, dict) for stage in stages):
        raise SokeError("This is not the bound of a draw.", "Fetch the published folder again.", where)
    return tuple(
        Stage(
            level=_fraction(stage.get("level"), where),
            weights=_numbered(stage.get("weights"), where),
            held=_numbered(stage.get("held"), where),
            rows=_numbered(stage.get("rows"), where),
            whole=None if stage.get("whole") is None else _fraction(stage["whole"], where),
        )
        for stage in stages
    )


def read_panels(content: bytes, where: str) -> list[tuple[str, ...]]:
    """The ids on each panel, numbered from 0. SokeError where a number is out of turn."""
    faults = Faults()
    rows = rows_of(content, where, faults)
    next(rows)
    panels = []
    for number, (line, row) in enumerate(rows):
        if not row[0].isdecimal() or int(row[0]) != number:
            raise SokeError(f"Panel {number} is expected here.", "Fetch the folder again.", f"{where}:{line}")
        panels.append(tuple(row[1:]))
    faults.refuse()
    return panels


def _object(path: Path) -> tuple[dict[str, Any], bytes, str]:
    content = read_whole(path, str(path), _LARGEST)
    return _parsed(content, str(path)), content, str(path)


def _parsed(content: bytes, where: str) -> dict[str, Any]:
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise SokeError("This is not a JSON object.", "Fetch the published folder again.", where)
    return body


def _whole(body: Mapping[str, Any], key: str, most: int, where: str) -> int:
    value = body.get(key)
    least = int(key in _SOME)
    if type(value) is not int or not least <= value <= most:
        raise SokeError(f'"{key}" is not a whole number from {least} to {most:,}.', "Fetch the folder again.", where)
    return value


def _text(body: Mapping[str, Any], key: str, where: str) -> str:
    value = body.get(key)
    if not isinstance(value, str) or len(value) > 500:
        raise SokeError(f'"{key}" is not a text.', "Fetch the folder again.", where)
    return value


def _texts(value: object, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise SokeError("A list of ids is missing.", "Fetch the folder again.", where)
    return tuple(value)


def _reasons(after: Mapping[str, Any], where: str) -> dict[str, str]:
    away = after.get("away")
    if not isinstance(away, dict) or not all(
        isinstance(reason, str) and len(reason) <= 200 for reason in away.values()
    ):
        raise SokeError("The reasons of those who were not asked are missing.", "Fetch the folder again.", where)
    return away


def _fraction(value: object, where: str) -> Fraction:
    if not isinstance(value, str) or not _DECIMAL.fullmatch(value):
        raise SokeError("A number here is not a decimal fraction.", "Fetch the folder again.", where)
    return Fraction(value)


def _numbered(value: object, where: str) -> dict[int, Fraction]:
    if not isinstance(value, dict) or not all(key.isdecimal() and len(key) < 8 for key in value):
        raise SokeError("A list of numbers is missing.", "Fetch the folder again.", where)
    return {int(key): _fraction(each, where) for key, each in value.items()}
