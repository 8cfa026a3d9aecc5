"""A receipt is found in whatever mail made of it, and nothing is taken for one that the round did not sign."""

from __future__ import annotations

import base64
import html
import quopri
import re
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soke.community.voting.mail import texts_in
from soke.community.voting.receipt import SAYS, Receipt, receipts_in

Run = Callable[..., tuple[int, str, str]]
PAPER = (
    "META\nkey;value\ndescription;made up\nbudget;1000\nvote_type;approval\nnum_projects;2\nnum_votes;0\n"
    "PROJECTS\nproject_id;cost\n1;500\n2;600\nVOTES\nvoter_id;vote\n"
)
HEAD = "From: Ann <ann@example.org>\r\nTo: clerk@example.org\r\nSubject: my receipt\r\nMIME-Version: 1.0\r\n"


def wrapped(width: int) -> Callable[[str], str]:
    """As a mail program that breaks lines, in the middle of what has no blanks too."""
    return lambda text: "\n".join("\n".join(textwrap.wrap(line, width)) for line in text.splitlines())


def quoted(mark: str) -> Callable[[str], str]:
    return lambda text: "On Monday Ann wrote:\n" + "\n".join(mark + line for line in text.splitlines())


def page(text: str) -> str:
    lines = "<br>\n".join(
        html.escape(line).replace("—", "&mdash;").replace(" ", "&nbsp;") for line in text.splitlines()
    )
    return f"<html><head><style>p > b {{}}</style></head><body><div dir='ltr'><p>{lines}</p></div></body></html>"


def printable(text: str) -> bytes:
    return quopri.encodestring(text.encode())


MAIL: dict[str, Callable[[str], str | bytes]] = {
    "as given": lambda text: text,
    "wrapped": wrapped(72),
    "narrow": wrapped(30),
    "quoted": quoted("> "),
    "quoted twice": lambda text: quoted(">> ")(wrapped(60)(text)),
    "quoted, then wrapped": lambda text: wrapped(68)(quoted("> > ")(text)),
    "with bars": quoted("| "),
    "padded": lambda text: "".join(f"\u00a0\t {line}   \n\n" for line in text.splitlines()),
    "old line ends": lambda text: text.replace("\n", "\r"),
    "among words": lambda text: f"Dear Clerk,\nis this enough?\n\n{text}\n-- \nAnn, 2 Elm Road\n",
    "words on the line": lambda text: f"My receipt: {text.rstrip()} Thanks, Ann",
    "another dash": lambda text: text.replace("—", "--"),
    "no dash": lambda text: text.replace("— ", ""),
    "bad letters": lambda text: text.encode().decode("cp1252"),
    "Windows letters": lambda text: text.encode("cp1252"),
    "two bytes a letter": lambda text: text.encode("utf-16"),
    "unseen signs": "\u200b".join,
    "capitals": lambda text: re.sub("(?<=: )[0-9a-f]{32,}", lambda found: found[0].upper(), text),
    "bold": lambda text: re.sub("(Ballot|Commitment):", r"*\1:*", text),
    "escaped": lambda text: text.replace("—", "&#8212;").replace("+", "&#43;").replace("=", "&#61;"),
    "escaped twice": lambda text: html.escape(quoted("> ")(text)).replace("—", "&amp;mdash;"),
    "a page": page,
    "quoted-printable": printable,
    "a mail": lambda text: f"{HEAD}Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: "
    "base64\r\n\r\n".encode() + base64.encodebytes(text.encode()),
    "a mail of two parts": lambda text: (
        f"{HEAD}Content-Type: multipart/alternative; boundary=x\r\n\r\n--x\r\nContent-Type: text/html\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n".encode()
        + printable(page(text)) + b"\r\n--x\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n--x--\r\n"
    ),
    "the same twice": lambda text: text + quoted("> ")(text),
}  # fmt: skip


@pytest.fixture(scope="module")
def cast(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """The folder of a round that has closed, and its two receipts."""
    from soke.community.voting.paper import read_paper  # noqa: PLC0415
    from soke.register.ballot_box import BallotBox  # noqa: PLC0415
    from soke.register.round_files import publish_round  # noqa: PLC0415

    folder = tmp_path_factory.mktemp("round")
    with BallotBox.create(folder / "elm.box", "elm-ward-2026", read_paper(PAPER.encode(), "elm.pb")) as box:
        notes = [box.cast(code, box.paper.ballot("1")).decode() for code in box.issue(2, "email")]
        assert box.close_round() == ()
        publish_round(box, folder / "result")
    return folder / "result", notes


def found(soke: Run, folder: Path, content: str | bytes) -> tuple[int, str, str]:
    mine = folder / "mine.txt"
    mine.write_bytes(content.encode() if isinstance(content, str) else content)
    return soke("round", "find", mine, folder / "roll.csv", "--key", folder / "round.pub")


@pytest.mark.parametrize("name", MAIL)
def test_a_receipt_that_came_through_mail_is_found(name: str, cast: tuple[Path, list[str]], soke: Run) -> None:
    folder, (note, _) = cast
    status, out, err = found(soke, folder, MAIL[name](note))
    assert status == 0 and out.startswith("FOUND AS CAST"), out + err
    assert note.split("Ballot: ")[1][:32] in out


@pytest.mark.parametrize("name", MAIL)
def test_one_that_was_altered_is_not(name: str, cast: tuple[Path, list[str]], soke: Run) -> None:
    folder, (note, other) = cast
    number, another = (text.split("Ballot: ")[1][:32] for text in (note, other))
    status, out, err = found(soke, folder, MAIL[name](note.replace(number, another)))
    assert status == 1 and out.startswith("NOT FOUND AS CAST. "), out + err


def test_two_receipts_in_one_file_are_told_apart_by_their_voters(cast: tuple[Path, list[str]], soke: Run) -> None:
    folder, (note, other) = cast
    status, out, err = found(soke, folder, f"{note}\n{other}")
    assert (status, out) == (2, "") and "There are 2 receipts in this file. Save each in one of its own." in err


def test_of_another_round_it_is_told(cast: tuple[Path, list[str]], soke: Run) -> None:
    folder, (note, _) = cast
    for text in (note.replace("elm-ward", "oak-ward"), f"oak-{note}", quoted("> ")(note.replace("elm", "oak"))):
        status, out, err = found(soke, folder, text)
        assert status in (1, 2) and not out.startswith("FOUND"), out + err


@given(st.binary(max_size=400))
def test_any_bytes_are_read_without_a_failure(content: bytes) -> None:
    for start in (b"", b"From: a\n\n", b"Content-Type: multipart/mixed; boundary=x\n\n--x\n"):
        for text in texts_in(start + content):
            assert receipts_in(text, "elm") == []


def test_a_long_text_of_names_is_read_quickly() -> None:
    receipt = Receipt("elm", "0" * 32, "f" * 64)
    text = "elm " * 20_000 + f"{receipt.text}\n-- elm {'A' * 91}=\n" + f"elm\n{SAYS}\nBallot: " * 500
    assert receipts_in(text, "elm") == [(receipt, f"{'A' * 91}=")]
