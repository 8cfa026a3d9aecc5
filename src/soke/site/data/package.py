"""``datapackage.json``: every file of the data with its columns, size and hash, as Frictionless describes them."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterable
from typing import Any

from soke.england.law import laws
from soke.england.sources import Source, sources
from soke.england.strategic import told_until
from soke.site.data.catalogue import ATTRIBUTION, LICENCES, Listed, listed
from soke.site.data.made import sheet
from soke.version import program

DIALECT = {"delimiter": ",", "lineTerminator": "\n", "quoteChar": '"', "doubleQuote": True, "header": True}
SHORT_PROGRAM = 12  # digits of its hash in the version
Read = Callable[[str], bytes]


def data_package(version: str, read: Read) -> str:
    """The JSON text. ``read`` gives the bytes of a file of the data by its path below the package."""
    body = {
        "profile": "data-package",
        "name": "soke-england",
        "title": "Soke: what places in England raise, spend and decide",
        "description": " ".join(ATTRIBUTION),
        "version": f"{version}+{program()[:SHORT_PROGRAM]}",
        "created": f"{data_day().isoformat()}T00:00:00Z",
        "licenses": [_licence(each.name, each.title, each.path) for each in LICENCES],
        "sources": [_source(each) for each in sources().values()],
        "soke": {"version": version, "program": program()},
        "resources": [*_resources(read)],
    }
    return json.dumps(body, ensure_ascii=False, indent=1) + "\n"


def data_day() -> dt.date:
    """The newest day until which a shipped table was looked at: the day of the data, whenever a site is built."""
    return max(told_until(), *(law.as_of for law in laws().values()))


def _resources(read: Read) -> Iterable[dict[str, Any]]:
    for told in listed():
        yield _as_csv(told, read)
        yield _as_json(told, read)


def _as_csv(told: Listed, read: Read) -> dict[str, Any]:
    held = sheet(told.id)
    schema = {"fields": [each.table_schema() for each in held.fields], "missingValues": [""]}
    return {
        "profile": "tabular-data-resource", **_file(told.id, f"{told.id}.csv", "csv", "text/csv", read),
        "title": told.what, **({"description": " ".join(held.notes)} if held.notes else {}),
        "dialect": DIALECT, "schema": schema, **_about(told),
        "rows": len(held.rows), "year": told.year, "unit": told.unit, "grades": list(told.grades(held)),
    }  # fmt: skip


def _as_json(told: Listed, read: Read) -> dict[str, Any]:
    file = _file(f"{told.id}-json", told.json_file, "json", "application/json", read)
    packed = {"compression": "gz"} if told.packed else {}
    return {"profile": "data-resource", **file, **packed, "title": told.what, **_about(told),
            "jsonSchema": f"schema/{told.id}.json"}  # fmt: skip


def _file(name: str, path: str, kind: str, media: str, read: Read) -> dict[str, Any]:
    content = read(path)
    return {"name": name, "path": path, "format": kind, "mediatype": media, "encoding": "utf-8", "bytes": len(content),
            "hash": f"sha256:{hashlib.sha256(content).hexdigest()}"}  # fmt: skip


def _about(told: Listed) -> dict[str, Any]:
    known = sources()
    from_ = [_source(known[id_]) if id_ in known else {"title": id_} for id_ in told.sources]
    return {
        "licenses": [_licence(each.name, each.title, each.path) for each in told.licences],
        "licence": told.licence, **({"sources": from_} if from_ else {}),
    }  # fmt: skip


def _licence(name: str, title: str, path: str) -> dict[str, str]:
    return {"name": name, "title": title, **({"path": path} if path else {})}


def _source(source: Source) -> dict[str, str]:
    return {"title": str(source), **({"path": source.url} if source.url else {})}
