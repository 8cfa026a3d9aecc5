"""The address of a register in PostgreSQL: what libpq is told, and what may be shown of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import psycopg
from psycopg import conninfo

from soke.errors import SokeError

SCHEMA_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
NAME = re.compile(r"[\w.$-]*", re.ASCII)
HOST = re.compile(r"[\w.,:/+-]*", re.ASCII)
PORT = re.compile(r"(\d+(,\d+)*)?", re.ASCII)
CONNECT_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Place:
    """Where a register is: what libpq is told (with the password, so it is never shown), and the schema."""

    told: str
    schema: str
    shown: str
    password: str

    def __repr__(self) -> str:
        return self.shown


def place(url: str) -> Place:
    """Read a URL. No part of one that cannot be understood is shown: a password may be anywhere in it."""
    try:
        parts = urlsplit(url)
        options = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=True)) if parts.query else {}
        schema = options.pop("schema", "soke")
        told = f"postgresql://{parts.netloc}{parts.path}" + (f"?{urlencode(options)}" if options else "")
        settings: dict[str, Any] = dict(conninfo.conninfo_to_dict(told))
    except (ValueError, psycopg.ProgrammingError):
        raise _no_url() from None
    user, host, port, name = (str(settings.get(key) or "") for key in ("user", "host", "port", "dbname"))
    known = (NAME.fullmatch(user), HOST.fullmatch(host), PORT.fullmatch(port), NAME.fullmatch(name))
    if "://" not in url or parts.fragment or not all(known):
        raise _no_url()
    beside = {"schema": schema}
    if host.startswith("/"):
        beside, host = {"host": host} | beside, ""
    hosts = host.split(",")
    ports = port.split(",") if "," in port else [port] * len(hosts)
    pairs = zip(hosts, ports, strict=False)
    at = ",".join(f"{server}:{number}" if number else server for server, number in pairs)
    shown = f"postgresql://{f'{user}@' if user else ''}{at}/{name}?{urlencode(beside, safe='/')}"
    if not SCHEMA_NAME.fullmatch(schema):
        raise SokeError(
            "The name of the schema is not one.", "Use small letters, digits and _, 40 at most.",
            shown.partition("schema=")[0] + f"schema={quote(schema[:40])}",
        )  # fmt: skip
    settings.setdefault("connect_timeout", CONNECT_SECONDS)
    password = str(settings.get("password") or "")
    return Place(conninfo.make_conninfo(**(settings | {"client_encoding": "UTF8"})), schema, shown, password)


def _no_url() -> SokeError:
    return SokeError(
        "This is not the URL of a PostgreSQL database.",
        "Write postgresql://user@host/database?schema=name, with special characters as %40 and so on.",
        "postgresql://...",
    )
