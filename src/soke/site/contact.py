"""The address to which readers write: a plain e-mail address, or a page. It stands on every page: what is neither is
refused."""

from __future__ import annotations

import re

from soke.errors import SokeError
from soke.report.markup import Element, el

LONGEST = 200  # letters
NAME = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"  # a part of the name of a host
HOST = rf"{NAME}(?:\.{NAME})+"
E_MAIL = re.compile(rf"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*@{HOST}")
PAGE = re.compile(rf"https://{HOST}(?:/[A-Za-z0-9._~/%-]*)?(?:\?[A-Za-z0-9._~/%=&-]*)?(?:#[A-Za-z0-9._~/%-]*)?")


def checked(contact: str) -> str:
    """The same address. SokeError where it is none."""
    if contact and (len(contact) > LONGEST or not (E_MAIL.fullmatch(contact) or PAGE.fullmatch(contact))):
        raise SokeError(
            f"--contact {contact[:60]!r} is neither an e-mail address nor the https address of a page.",
            "Write it as data@council.example or https://council.example/ask, or leave it out.",
        )
    return contact


def write_to(contact: str) -> Element:
    """The link to an address that was checked."""
    if "@" in contact:
        return el("a", contact, href=f"mailto:{contact}")
    return el("a", contact.removeprefix("https://"), href=contact, rel="noopener")
