"""The texts that may lie in a file which somebody saved from their mail: as it is, and with what mail did to it undone.

A mail program wraps lines, puts ``>`` before what it quotes, turns letters into ``&mdash;`` or ``=E2=80=94``, and wraps
everything in headers, parts and HTML. Whoever looks for something in such a file takes each text in turn.
"""

from __future__ import annotations

import email
import email.policy
import html
import quopri
import re
import unicodedata
from collections.abc import Iterator
from email.message import EmailMessage

_HEADER = re.compile(rb"\s*(?:From |[A-Za-z][A-Za-z-]{1,60}: )")
_TAG = re.compile(r"<(?:/?[A-Za-z!][^<>]{0,2000})>")
_QUOTED = re.compile(r"^(?:[ \t]*[>|])+ ?", re.MULTILINE)


def texts_in(content: bytes) -> Iterator[str]:
    """The texts in a file, each with its quotation marks of mail and what nobody sees taken out. Raises nothing."""
    for text in (read := _decoded(content)), *_parts(content), _unquoted(read):
        for one in (text, html.unescape(_TAG.sub("\n", text))):
            seen = "".join(sign for sign in one if unicodedata.category(sign) != "Cf")
            yield _QUOTED.sub("", html.unescape(seen).replace("\r\n", "\n").replace("\r", "\n"))


def _decoded(content: bytes) -> str:
    """UTF-8, or as the file's first bytes say, or what Windows calls ANSI."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _unquoted(text: str) -> str:
    """The same where it is quoted-printable: ``=E2=80=94``, and ``=`` at the end of a line that goes on."""
    return _decoded(quopri.decodestring(text.encode("utf-8", "replace")))


def _parts(content: bytes) -> Iterator[str]:
    """The texts of a message that was saved whole, with its headers."""
    if not _HEADER.match(content):
        return
    message = email.message_from_bytes(content.lstrip(), policy=email.policy.default)
    for part in message.walk() if isinstance(message, EmailMessage) else ():
        if part.get_content_maintype() == "text":
            payload = part.get_payload(decode=True)
            yield _decoded(payload) if isinstance(payload, bytes) else ""
