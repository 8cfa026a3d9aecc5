"""A choice on a ballot that is no project: what may have happened to it, for whoever must mend the file."""

from __future__ import annotations

import re
from collections.abc import Collection

_IDS = "Put ids of PROJECTS in the column vote, with commas between them."
_TEXT = "Open the file with that column as text, and save it again."
_DATE = re.compile(r"\d{1,2}[-/. ](?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*|\d{4}-\d\d-\d\d.*", re.I)
_EXPONENT = re.compile(r"\d+(?:[.,]\d+)?e[+-]?\d+", re.ASCII | re.I)


def no_project(token: str, ids: Collection[str]) -> tuple[str, str]:
    """What is wrong with the text ``token``, which is none of ``ids``, and what to do about it."""
    shown = token[:60]
    if token[0] in "{[" or token[-1] in "}]":
        fact = f'This ballot puts projects on one place together ("{shown}"): ties between ranks are not read.'
        return fact, "Give each project a place of its own, or leave the ballot out."
    return f'This ballot chooses "{shown}", which is no project.', _hint(token, ids)


def _hint(token: str, ids: Collection[str]) -> str:
    bare = {one.lstrip("0"): one for one in ids}
    if token.lstrip("0") in bare:
        real = bare[token.lstrip("0")]
        return f'PROJECTS has "{real[:40]}": a spreadsheet takes leading zeros away. {_TEXT}'
    whole, point, rest = token.partition(".")
    if point and not rest.strip("0") and whole in ids:
        return f'PROJECTS has "{whole[:40]}": a program took the id for a number. {_TEXT}'
    if f"{token}.0" in ids:
        return f'PROJECTS has "{token[:40]}.0": a program took the ids of PROJECTS for numbers. {_TEXT}'
    if _EXPONENT.fullmatch(token):
        return f"A spreadsheet took the choices for one large number. {_TEXT}"
    joined = _split(re.sub(r"[\s.,'\u2019\u00a0\u202f]", "", token), ids)
    if joined:
        return f'Perhaps it was "{",".join(joined)[:60]}", which a spreadsheet took for one number. {_TEXT}'
    if _DATE.fullmatch(token):
        return f"A spreadsheet seems to have made a date of it. {_TEXT}"
    alike = {one.casefold(): one for one in ids}
    if token.casefold() in alike:
        return f'PROJECTS has "{alike[token.casefold()][:40]}": capitals and small letters are not the same here.'
    return _IDS


def _split(digits: str, ids: Collection[str]) -> list[str]:
    """The ids, two or more, that stand one after another in a row of digits; none where it is not made of ids."""
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 60):
        return []
    ways: list[list[str] | None] = [[], *[None] * len(digits)]
    for end in range(1, len(digits) + 1):
        for one in ids:
            before = ways[end - len(one)] if len(one) <= end else None
            if before is not None and digits[:end].endswith(one) and one not in before:
                ways[end] = [*before, one]
                break
    found = ways[-1] or []
    return found if len(found) > 1 else []
