"""The keys of simulated registers and of their witnesses: each from bytes of its number, the same in every run."""

from __future__ import annotations

import hashlib
from functools import lru_cache

from soke.register.checkpoint import SigningKey
from soke.register.verify import COSIGNATURE, key_text

NAME = "simulated"  # of every register here
MOST = 64  # keys of a register that there are
WITNESSES = 5


@lru_cache(maxsize=MOST)
def register_key(number: int) -> SigningKey:
    return SigningKey(NAME, hashlib.sha256(f"the register's key {number}".encode()).digest())


@lru_cache(maxsize=WITNESSES)
def witness_key(number: int) -> SigningKey:
    seed = hashlib.sha256(f"the key of witness {number}".encode()).digest()
    return SigningKey(f"witness.example/{number}", seed, COSIGNATURE)


@lru_cache(maxsize=MOST + WITNESSES)
def text_of(key: SigningKey) -> str:
    """The public half, in one line."""
    return key_text(key.verifier)


@lru_cache(maxsize=1)
def _numbers() -> dict[str, int]:
    return {text_of(register_key(number)): number for number in range(MOST)}


def secret_of(text: str) -> SigningKey:
    """The register's key of a public half."""
    return register_key(_numbers()[text])
