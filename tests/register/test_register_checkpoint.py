"""Keys and checkpoints: published vectors, files that keep a secret, and no checkpoint for a log that was changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from soke.errors import SokeError
from soke.register.checkpoint import (
    SigningKey,
    check_earlier,
    check_still_there,
    load_checkpoint,
    new_key,
    read_signing_key,
    read_verifier_key,
    sign_head,
    verifier_text,
    write_key,
)
from soke.register.merkle import Tree
from soke.register.verify import Failed, VerifierKey, check_signature, read_checkpoint

LINES = [str(number).encode() for number in range(9)]
NAME = "soke.example/gm"

# The example of the Go project's package for signed notes: its private key, its text, its signature.
PRIVATE = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
PUBLIC = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
ANSWER = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
SIGNED = "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="


def secret(path: Path, text: str) -> Path:
    path.write_text(text)
    path.chmod(0o600)
    return path


def test_the_published_example_of_a_signed_note(tmp_path: Path) -> None:
    key = read_signing_key(secret(tmp_path / "key", PRIVATE + "\n"))
    assert verifier_text(key.verifier) == PUBLIC
    assert key.sign(ANSWER.encode()).decode() == f"{ANSWER}\n\u2014 PeterNeumann {SIGNED}\n"
    assert key.seed.hex() not in repr(key)


def test_a_key_is_kept_secret_and_never_overwritten(tmp_path: Path) -> None:
    key, private, public = new_key(NAME), tmp_path / "key", tmp_path / "key.pub"
    write_key(key, private, public)
    assert private.stat().st_mode & 0o777 == 0o600
    assert read_signing_key(private) == key
    assert read_verifier_key(public) == key.verifier
    for names in ((private, tmp_path / "other"), (tmp_path / "another", public)):
        with pytest.raises(SokeError, match="never overwritten"):
            write_key(new_key(NAME), *names)
    assert not (tmp_path / "other").exists() and not (tmp_path / "another").exists()
    assert read_signing_key(private) == key
    private.chmod(0o644)
    with pytest.raises(SokeError, match="Others on this machine"):
        read_signing_key(private)


@pytest.mark.parametrize("text", ["", PUBLIC, PRIVATE[:-4], PRIVATE.replace("c74", "c75"), PRIVATE.replace("Y7", "!!")])
def test_what_is_not_a_signing_key_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(SokeError):
        read_signing_key(secret(tmp_path / "key", text))


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\nb", "a" * 201])
def test_a_name_that_no_note_can_carry_is_refused(name: str) -> None:
    with pytest.raises(SokeError):
        new_key(name)


def test_a_published_checkpoint_is_verified_and_a_forged_one_is_not(tmp_path: Path) -> None:
    key, path = new_key(NAME), tmp_path / "checkpoint"
    path.write_bytes(sign_head(Tree(LINES[:5]), key))
    found = load_checkpoint(path)
    assert (found.origin, found.size, found.root) == (NAME, 5, Tree(LINES[:5]).root())
    assert check_signature(found, key.verifier)
    content = path.read_bytes()
    forged = read_checkpoint(content.replace(b"\n5\n", b"\n6\n"))
    with pytest.raises(Failed, match="forged"):
        check_signature(forged, key.verifier)
    with pytest.raises(Failed, match="not signed with this key"):
        check_signature(found, new_key(NAME).verifier)
    with pytest.raises(Failed, match=r"of the log soke\.example/gm"):
        check_signature(found, VerifierKey("soke.example/leeds", key.verifier.id, key.verifier.public))
    other = SigningKey("witness.example", key.seed)
    witnessed = read_checkpoint(content + other.sign(found.signed)[len(found.signed) + 1 :])
    assert len(witnessed.signatures) == 2
    assert check_signature(witnessed, key.verifier)


def test_a_log_that_lost_or_changed_what_it_vouched_for_is_refused(tmp_path: Path) -> None:
    key, path = new_key(NAME), tmp_path / "checkpoint"
    path.write_bytes(sign_head(Tree(LINES[:5]), key))
    with pytest.raises(SokeError, match="its end is missing") as cut:
        check_earlier(path, key, Tree(LINES[:4]))
    with pytest.raises(SokeError, match="the register was changed") as changed:
        check_earlier(path, key, Tree([b"x", *LINES[1:]]))
    assert cut.value.code == changed.value.code == "damaged"
    with pytest.raises(SokeError, match="not signed with this key"):
        check_earlier(path, new_key(NAME), Tree(LINES))
    assert check_earlier(path, key, Tree(LINES)).size == 5
    assert read_checkpoint(sign_head(Tree(LINES), key)).size == 9
    check_still_there(Tree(LINES), read_checkpoint(sign_head(Tree(LINES[:3]), key)), "here")
    secret(path, "no checkpoint")
    with pytest.raises(SokeError, match="not a checkpoint"):
        check_earlier(path, key, Tree(LINES))
