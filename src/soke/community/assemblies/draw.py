"""A draw that nobody can steer: what is published before, what is revealed after, and the number that follows.

Before the draw the panels are published with a commitment, the SHA-256 of a secret, and with the name of a public value
that nobody knows yet: dice to be thrown in public, a number of a lottery of a later day. Afterwards the secret is
revealed. The number is the first 8 bytes of

    SHA-256("soke assembly draw 2", SHA-256 of the statement, the secret, the public value, 0), one a line,

as a whole number, from the top: numbers beyond the largest multiple of the number of panels are passed over, with the
next number at the end of the text, so that each panel is exactly as likely. Whoever knows the secret does not know the
public value, and whoever throws the dice does not know the secret. The value must be one of millions: with three dice
somebody could try secrets until most of the 216 outcomes suit a friend; with ten dice (60 million) no secret does. Its
form is fixed in the statement, so that one throw is one text: see :mod:`form`.

One secret serves for replacements too. From a seed s the secrets of the rounds are hashes of hashes: the secret of
round r is SHA-256 applied ``ROUNDS - r`` times to s. Revealing one round tells nothing of the next, and the secret of a
round is the commitment of the round after it: nobody can choose another one later.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata

from soke.errors import SokeError

ROUNDS = 64
LONGEST_PROMISE = 200  # characters
TITLE = "soke assembly draw 2"
_HEX = re.compile(r"[0-9a-f]{64}", re.ASCII)


def read_seed(content: bytes, shown: str) -> str:
    """The seed of a file: 64 digits of 0-9 and a-f on its first line. SokeError for anything else."""
    text = content.decode("ascii", errors="replace").lstrip().partition("\n")[0].strip()
    if not _HEX.fullmatch(text):
        raise SokeError("This is not a secret: 64 digits of 0-9 and a-f.", "Name the file that the draw made.", shown)
    return text


def secret(seed: str, number: int) -> str:
    """The secret of round ``number``, from 0."""
    if not 0 <= number < ROUNDS:
        raise SokeError(f"A secret serves for {ROUNDS} rounds.", "Begin a new draw with a new secret.")
    value = bytes.fromhex(seed)
    for _ in range(ROUNDS - number):
        value = hashlib.sha256(value).digest()
    return value.hex()


def commitment(secret_of_round: str) -> str:
    """What is published before a round: the SHA-256 of its secret."""
    return hashlib.sha256(bytes.fromhex(secret_of_round)).hexdigest()


def is_hash(text: object) -> bool:
    return isinstance(text, str) and bool(_HEX.fullmatch(text))


def promise(text: str) -> str:
    """What the public value will be: spaces at the ends and doubled ones are dropped. SokeError where it is no text."""
    value = unicodedata.normalize("NFC", " ".join(text.split()))
    if len(value) > LONGEST_PROMISE:
        raise SokeError(f"The text has {len(value):,} characters.", f"Use {LONGEST_PROMISE} at most.")
    if any(unicodedata.category(one).startswith("C") for one in value):
        raise SokeError("The text holds a character that cannot be seen.", "Type it again.")
    return value


def number(statement_hash: str, secret_of_round: str, value: str, panels: int) -> int:
    """The number drawn, from 0 to ``panels - 1``, each equally likely."""
    fair = 2**64 - 2**64 % panels
    counter = 0
    while True:
        text = f"{TITLE}\n{statement_hash}\n{secret_of_round}\n{value}\n{counter}\n"
        found = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
        if found < fair:
            return found % panels
        counter += 1
