"""Lines of a file that are not TOML as people type them: each found, in one reading, with what was probably meant.

A file that does not parse is gone through line by line. What is known to be typed so (pounds and commas, curly quotes,
dates as in Britain, words without quotes) is a finding, and the line is mended in memory, so that the rest of the file
is read on and its other faults come in the same list. What was mended is never gone by: the file is not read.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass

from soke import meant
from soke.deal.toml_text import quoted

MOST_LINES, LONGEST_LINE, MOST_SLIPS = 20_000, 2_000, 200
_OPEN, _CLOSE = "\u201c\u201d\u201e\u201f\u00ab\u2033", "\u201c\u201d\u201f\u00bb\u2033"
_STRING = re.compile(r'"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'')
_FENCE = re.compile(r'"""|\'\'\'')
_CURLY = re.compile(rf'[{_OPEN}][^{_OPEN}{_CLOSE}\n]*[{_CLOSE}"]|"[^"{_OPEN}{_CLOSE}\n]*[{_CLOSE}]')
_SINGLE = re.compile(r"(?<=[=\[,])(\s*)([\u2018\u201a\u2039][^\n]*?[\u2019\u203a'])(?=\s*(?:[,\]}#]|$))")
_UNSEEN = re.compile("[\u00a0\u1680\u2000-\u200f\u2028-\u202f\u205f\u2060\u3000\ufeff]")
_COMMENT = re.compile(r"^(\s*)(//|--|;|/\*|%|')(.*)$")
_HEADER = re.compile(r"^(\s*)\[[\s\[]*([\w .-]+?)[\s\]]*\]?\s*$")
_COLON = re.compile(r"^(\s*)[\"']?([A-Za-z_][\w-]*)[\"']?\s*:=?\s+(?=\S)")
_TABBED = re.compile(r"^(\s*)([A-Za-z_][\w-]*)\t+(?=[^=\s])")
_SPACED = re.compile(r"((?:^|[{,])\s*)([A-Za-z_][\w-]*(?: [\w-]+)+)(?=\s*=)")
_VALUE = re.compile(
    r"(?P<key>[A-Za-z_][\w-]*)\s*=[ \t]*"
    r"(?P<value>[^{}\[\]=\x00\n]*?)(?=\s*(?:,\s*(?:[A-Za-z_][\w-]*\s*=|[}\]])|,?\s*[}\]]|$))"
)
_WORD = re.compile(r"(?:^|(?<=[\[,]))\s*(?P<value>[^\s{}\[\]=,\x00][^{}\[\]=,\x00\n]*?)(?=\s*[,\]])")
_ENDED = re.compile(r"[;,]\s*$")
_NOTHING = ("", "-", "--", "null", "none", "nil", "n/a", "na", "tbc", "tbd", "?", "...")
HIDDEN = "\x00"


@dataclass(frozen=True, slots=True)
class Slip:
    """What stands on a line at a column (1-based) that is not TOML, and what to write."""

    line: int
    column: int
    fact: str
    fix: str


def mended(text: str) -> tuple[list[Slip], str]:
    """What is not TOML in a text as people type it, in order, and the text as it was probably meant."""
    slips: list[Slip] = []
    lines, fence, depth = text.split("\n"), "", 0
    for number, line in enumerate(lines[:MOST_LINES], start=1):
        fence, inside = _fenced(line, fence)
        if inside or len(line) > LONGEST_LINE or len(slips) >= MOST_SLIPS:
            continue
        meant_line = line
        for look in _LOOKS:
            meant_line, found = look(meant_line, depth)
            slips += [Slip(number, column, fact, fix) for column, fact, fix in found]
        lines[number - 1] = meant_line
        shown = _hidden(meant_line)
        depth = max(0, depth + len(re.findall(r"[\[{]", shown)) - len(re.findall(r"[\]}]", shown)))
        depth = 0 if re.fullmatch(r"\s*\[\[?[\w. -]+\]\]?\s*", shown) else depth
    return slips, "\n".join(lines)


def _fenced(line: str, fence: str) -> tuple[str, bool]:
    """The fence of a text over several lines that is open after a line, and whether the line is part of one."""
    was = fence
    for match in _FENCE.finditer(line):
        fence = "" if fence == match.group() else fence or match.group()
    return fence, bool(was or fence)


def _hidden(line: str) -> str:
    """A line with its texts and its comment out of sight, as long as before."""
    shown = _STRING.sub(lambda match: HIDDEN * len(match.group()), line)
    start = shown.find("#")
    return shown if start < 0 else shown[:start] + " " * (len(shown) - start)


Found = list[tuple[int, str, str]]
Look = Callable[[str, int], tuple[str, Found]]


def _curly(line: str, depth: int) -> tuple[str, Found]:
    found: Found = []

    def straight(match: re.Match[str]) -> str:
        inner = quoted(match.group()[1:-1])
        found.append((match.start() + 1, "these quotation marks are curly", f"Write straight ones: {inner}."))
        return inner

    def single(match: re.Match[str]) -> str:
        inner = quoted(match.group(2)[1:-1])
        found.append((match.start(2) + 1, "these quotation marks are curly", f"Write straight ones: {inner}."))
        return match.group(1) + inner

    return _outside(_SINGLE, _outside(_CURLY, line, straight), single), found


def _outside(pattern: re.Pattern[str], line: str, change: Callable[[re.Match[str]], str]) -> str:
    """Change what matches outside the texts of a line, from the left; a text that has curly quotes in it stays."""
    done, at = "", 0
    while match := pattern.search(line, at):
        text = _STRING.search(line, at)
        comment = line.find("#", at, match.start())
        if text and text.start() <= match.start():
            done, at = done + line[at : text.end()], text.end()
        elif comment >= 0:
            break
        else:
            done, at = done + line[at : match.start()] + change(match), match.end()
    return done + line[at:]


def _comment(line: str, depth: int) -> tuple[str, Found]:
    match = _COMMENT.match(line)
    if match is None or depth:
        return line, []
    return f"{match[1]}#{match[3]}", [
        (len(match[1]) + 1, f'"{match[2]}" starts no comment', "Write # before a comment.")
    ]


def _header(line: str, depth: int) -> tuple[str, Found]:
    match = _HEADER.match(_hidden(line).rstrip())
    if match is None or depth or re.fullmatch(r"\s*(\[[^\[\]]+\]|\[\[[^\[\]]+\]\])\s*", _hidden(line)):
        return line, []
    name = match[2].strip().replace(" ", "_")
    double = line.count("[") > 1 or line.count("]") > 1
    whole = f"[[{name}]]" if double else f"[{name}]"
    return f"{match[1]}{whole}", [(len(match[1]) + 1, "the brackets of this table do not match", f"Write {whole}.")]


def _pair(line: str, depth: int) -> tuple[str, Found]:
    """``key: value`` and ``key<tab>value``, as other files and spreadsheets have them."""
    for pattern, what in ((_COLON, "a colon stands where = should"), (_TABBED, "a tab stands where = should")):
        match = pattern.match(line)
        if match and not depth:
            fix = f"Write {match[2]} = and the value."
            return f"{match[1]}{match[2]} = {line[match.end() :]}", [(match.end(2) + 1, what, fix)]
    return line, []


def _spaces(line: str, depth: int) -> tuple[str, Found]:
    """Spaces that are none, and spaces within a key."""
    found: Found = []
    shown = _hidden(line)
    for match in _UNSEEN.finditer(shown):
        line = f"{line[: match.start()]} {line[match.end() :]}"
        found = found or [(match.start() + 1, "there is a space that no keyboard types", "Type an ordinary space.")]
    spaced = _SPACED.search(_hidden(line))
    if spaced:
        key = spaced[2].replace(" ", "_").lower()
        found.append((spaced.start(2) + 1, f'the key "{spaced[2]}" has spaces', f"Write {key}."))
        line = f"{line[: spaced.start(2)]}{key}{line[spaced.end(2) :]}"
    return line, found


def _values(line: str, depth: int) -> tuple[str, Found]:
    """Values after = that no TOML holds."""
    found: Found = []
    changes: list[tuple[int, int, str]] = []
    shown = _hidden(line)
    for match in _VALUE.finditer(shown):
        value, start, end = match["value"].rstrip(), *match.span("value")
        opens = not value and shown[end:].lstrip()[:1] in ("{", "[", HIDDEN)
        if HIDDEN in value or opens or value[:1] in ("'", '"') or _is_toml(value):
            continue
        if not depth and end == len(shown.rstrip()) and _ENDED.search(value) and _is_toml(value[:-1]):
            what, fix, instead = "a line ends without a mark", f"Leave out the {value[-1]}.", value[:-1].rstrip()
        else:
            what, fix, instead = _value(match["key"], value)
        found.append((start + 1, what, fix))
        changes.append((start, start + len(value), quoted(value) if instead is None else instead))
    for start, end, instead in reversed(changes):
        line = f"{line[:start]}{instead}{line[end:]}"
    return line, found


def _words(line: str, depth: int) -> tuple[str, Found]:
    """Words without quotes in a list."""
    shown, found, changes = _hidden(line), list[tuple[int, str, str]](), []
    for match in _WORD.finditer(shown) if "[" in shown.split("=", 1)[-1] or depth else ():
        value = match["value"].strip()
        if _is_toml(value) or HIDDEN in value or re.fullmatch(r"\s*\[+[\w. -]+\]+\s*", shown):
            continue
        found.append((match.start("value") + 1, f"{value} is a text without quotes", f"Write {quoted(value)}."))
        changes.append((match.start("value"), match.start("value") + len(value), quoted(value)))
    for start, end, instead in reversed(changes):
        line = f"{line[:start]}{instead}{line[end:]}"
    return line, found


def _ends(line: str, depth: int) -> tuple[str, Found]:
    """A comma or a semicolon after a text or a table, as other files have them, and a text that does not end."""
    shown = _hidden(line).rstrip()
    match = re.match(r"^\s*[\w.-]+\s*=.*[\x00}\]]\s*([;,])$", shown)
    if match and not depth:
        return f"{line[: match.start(1)]} {line[match.end(1) :]}", [
            (match.start(1) + 1, "a line ends without a mark", f"Leave out the {match[1]}.")
        ]
    match = re.search(r'=\s*(["\'])(?:[^"\']*)$', shown)
    if match and not depth and shown.count(match[1]) == 1:
        return f"{line}{match[1]}", [
            (match.start(1) + 1, "this text has no quotation mark at its end", f"Add {match[1]}.")
        ]
    return line, []


_LOOKS: tuple[Look, ...] = (_curly, _comment, _header, _pair, _spaces, _values, _words, _ends)


def _is_toml(value: str) -> bool:
    try:
        tomllib.loads(f"x = {value}")
    except (tomllib.TOMLDecodeError, ValueError, RecursionError):
        return False
    return True


def _value(key: str, value: str) -> tuple[str, str, str | None]:
    """What is wrong with a value, what to write, and what is read in its place; None for its text in quotes."""
    said = f"{value[:60]} is"
    if meant.plain(value) in _NOTHING:
        return f'"{key}" has no value', "Give one, or leave the line out.", '""'
    if (start := meant.year(value)) is not None and len(value.strip()) > 4:
        label = f'"{start}-{(start + 1) % 100:02d}"'
        return f"{said} a financial year without quotes", f"Write {key} = {label}.", label
    if (day := meant.date(value)) is not None:
        return f"{said} not how a date is written", f"Write {day.isoformat()}: year, month, day.", day.isoformat()
    if meant.looks_like_a_date(value):
        return f"{said} no day of any year", "There is no such day: write one as 2026-04-30.", "2026-04-30"
    if (number := meant.number(value)) is not None:
        return f"{said} not how a number is written", f"Write {key} = {underscored(number)}.", f"{number:f}"
    if (flag := meant.flag(value)) is not None:
        word = "true" if flag else "false"
        return f"{said} not how yes and no are written", f"Write {key} = {word}.", word
    return f"{said} a text without quotes", f"Write {key} = {quoted(value)}.", None


def underscored(number: object) -> str:
    """A number as a file has it: ``24_780_000``."""
    return f"{number:,f}".replace(",", "_")
