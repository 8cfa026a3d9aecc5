"""``soke register publish`` and ``prove``: what others need to check a register without trusting who keeps it."""

from __future__ import annotations

import json
import shlex
from itertools import islice
from pathlib import Path
from typing import Any

import typer

from soke.cli.output import say
from soke.cli.register.init import REGISTER, REHEARSAL, is_rehearsal, opened
from soke.errors import SokeError
from soke.files import write_whole
from soke.register import verify as alone
from soke.register.book import register_name
from soke.register.checkpoint import (
    SigningKey,
    check_earlier,
    check_still_there,
    load_checkpoint,
    read_signing_key,
    sign_head,
    verifier_text,
)
from soke.register.merkle import Tree
from soke.register.storage import Log
from soke.register.verify import LARGEST_LINE, read_json

CHECKPOINT, HASHES, LOG, PROGRAM, KEY = "checkpoint", "hashes.txt", "log.jsonl", "verify.py", "key.pub"
PROOF = 1  # the version of the form of a proof


def publish(
    register: str = REGISTER,
    key: Path = typer.Option(help="The signing key of the register."),
    to: Path = typer.Option(help="The folder to publish in; the same one each time."),
) -> None:
    """Sign the head of a register, and write all that anyone needs to check it offline: log, hashes, key, program.

    Each earlier checkpoint stays under its size. A register that no longer begins with what it once vouched for
    publishes nothing.

    Example: soke register publish gm.db --key gm.key --to public
    """
    signing = read_signing_key(key)
    with opened(register, write=False) as log:
        name, rehearsal = _name(log), is_rehearsal(log)
        if signing.name != name:
            raise SokeError(f"The key is of the log {signing.name}, and this register is {name}.",
                            "Name the key that was made with the register.", str(key))  # fmt: skip
        tree = log.verify()
        earlier = _check_earlier(tree, signing, to)
        lines = list(islice(log.lines(), len(tree)))
    signed = sign_head(tree, signing)
    # In this order every moment is whole: an older checkpoint vouches for the beginning of a longer log.
    write_whole(to / LOG, b"".join(line + b"\n" for line in lines))
    write_whole(to / HASHES, "".join(f"{tree.leaf(number).hex()}\n" for number in range(len(tree))).encode())
    write_whole(to / PROGRAM, Path(alone.__file__).read_bytes())
    write_whole(to / KEY, f"{verifier_text(signing.verifier)}\n".encode())
    write_whole(to / f"{CHECKPOINT}-{len(tree)}", signed)
    write_whole(to / CHECKPOINT, signed)
    if rehearsal:
        say(REHEARSAL)
    kept = f" It goes on from {earlier} earlier checkpoint{'' if earlier == 1 else 's'}." if earlier else ""
    say(f"Published the {len(tree):,} entries of {name} in {to}.{kept} To check them offline:")
    typer.echo(
        f"cd {shlex.quote(str(to))} && python3 {PROGRAM} {LOG} --checkpoint {CHECKPOINT} --key {KEY} --hashes {HASHES}"
    )
    say(f"Put {CHECKPOINT} and {KEY} also where you cannot change them: only there does a rewritten history show.")


def _name(log: Log) -> str:
    if not len(log):
        raise SokeError("The register is empty.", "Open it with soke register init.", log.where)
    return register_name(log)


def _check_earlier(tree: Tree, signing: SigningKey, to: Path) -> int:
    """How many checkpoints were published before. SokeError unless each is ours and the log begins as it says."""
    found = sorted({*to.glob(f"{CHECKPOINT}-*"), *to.glob(CHECKPOINT)}) if to.is_dir() else []
    return len({check_earlier(path, signing, tree).size for path in found} - {len(tree)})


def prove(
    register: str = REGISTER,
    number: int = typer.Argument(help="The number of the entry."),
    to: Path = typer.Option(help="The file to write."),
    checkpoint: Path | None = typer.Option(None, help="Prove it for this published checkpoint; else for all entries."),
    since: Path | None = typer.Option(None, help="Prove too that the log goes on from this older checkpoint."),
) -> None:
    """Write a proof that an entry is in the register, small enough for a letter: no copy of the log is needed for it.

    It is checked against a signed checkpoint: python3 verify.py --proof FILE --checkpoint FILE --key FILE

    Example: soke register prove gm.db 44 --to entry-44.json --checkpoint public/checkpoint
    """
    target = load_checkpoint(checkpoint) if checkpoint else None
    older = load_checkpoint(since) if since else None
    with opened(register, write=False) as log:
        tree = log.tree()
        for found, path in ((target, checkpoint), (older, since)):
            if found is not None:
                _check_ours(log, found.origin, str(path))
                check_still_there(tree, found, str(path))
        size = target.size if target else len(tree)
        if not 0 <= number < size:
            known = f"0 to {size - 1}" if size else "none"
            raise SokeError(f"There is no entry {number} among the first {size:,}.", f"Numbers: {known}.", log.where)
        if older is not None and older.size > size:
            raise SokeError(f"The checkpoint of {older.size:,} entries is not older than the one of {size:,}.",
                            "Change the two.", str(since))  # fmt: skip
        line = next(log.lines(number - 1))
        name = _name(log)
    proof: dict[str, Any] = {
        "proof": PROOF, "log": name, "size": size, "index": number, "entry": read_json(line),
        "hashes": [step.hex() for step in tree.inclusion(number, size)],
    }  # fmt: skip
    if older is not None and since is not None:
        hashes = [step.hex() for step in tree.consistency(older.size, size)]
        proof["since"] = {"checkpoint": since.read_text("utf-8"), "hashes": hashes}
    content = (json.dumps(proof, ensure_ascii=False, indent=1) + "\n").encode()
    if len(content) > LARGEST_LINE:
        raise SokeError(f"Entry {number} is too long for a proof.", "Verify the whole log instead.", log.where)
    write_whole(to, content)
    say(f"Wrote {to}: entry {number} of {size:,}, with {len(proof['hashes'])} hashes. Whoever has the signed "
        f"checkpoint of {size:,} entries can check it: python3 verify.py --proof {to.name} --checkpoint "
        f"{CHECKPOINT} --key {KEY}")  # fmt: skip


def _check_ours(log: Log, origin: str, shown: str) -> None:
    name = _name(log)
    if origin != name:
        fact = f"The checkpoint is of the log {origin}, and this register is {name}."
        raise SokeError(fact, "Name a checkpoint of this one.", shown)
