"""Signed notes of any text: the form of a checkpoint's signature, for what a register does not hold."""

from __future__ import annotations

from soke.register.verify import SIGNATURE, Checkpoint, Failed, Refused, VerifierKey, check_signature, from_base64


def open_note(content: bytes, key: VerifierKey) -> str:
    """The text that the key signed; its first line is the name of the key. What a mail program does to the ends of
    lines, and to empty lines around the note, does not matter.

    Raises Refused where this is no signed note, and Failed where it is, and the key did not sign it."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused("This is not UTF-8 text.") from None
    head, blank, tail = text.replace("\r\n", "\n").strip("\n ").rpartition("\n\n")
    matches = [SIGNATURE.fullmatch(line) for line in tail.splitlines()]
    if not blank or not matches or not all(matches):
        raise Refused("This is not a signed text: a text, a blank line, and signatures.")
    name = head.split("\n", 1)[0]
    if name != key.name:
        raise Failed(f"It is of {name[:200]}, and the key is of {key.name}.")
    signed = (head + "\n").encode()
    parts = [(match[1], from_base64(match[2])) for match in matches if match]
    signatures = tuple((name, raw[:4], raw[4:]) for name, raw in parts)
    try:
        check_signature(Checkpoint(key.name, 0, b"", signed, signatures), key)
    except Failed:
        raise Failed(f"It was not signed with the key of {key.name}, or was changed since.") from None
    return signed.decode()
