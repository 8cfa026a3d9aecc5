"""The offline verifier: strict reading, one spelling, keys and checkpoints, and what it says of a changed copy."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soke.register import verify
from soke.register.verify import (
    Failed,
    Refused,
    canonical,
    leaf_hash,
    main,
    read_entries,
    read_entry,
    read_json,
    root_of,
)

HOSTILE = {
    b'{"a":1,"a":2}': "twice",
    b'{"a":NaN}': "not a JSON number",
    b'{"a":-Infinity}': "not a JSON number",
    b'{"a":1.5}': "not whole",
    b'{"a":1e400}': "not whole",
    b'{"a":9007199254740992}': "beyond 2^53",
    b'{"a":-9007199254740992}': "beyond 2^53",
    b'{"a":' + b"9" * 100_000 + b"}": "beyond 2^53",
    b"[" * 65 + b"]" * 65: "deeper than 64",
    b"[" * 400_000: "deeper than 64",
    b'{"a":' * 100_000: "deeper than 64",
    b'"\\ud800"': "surrogate",
    b'{"\\udc00":1}': "surrogate",
    b'"\\u0000"': "NUL",
    b'"\x00"': "not JSON",
    b'"\xff"': "not UTF-8",
    b'"\xed\xa0\x80"': "not UTF-8",
    b"\xef\xbb\xbf{}": "not JSON",
    b"": "not JSON",
    b"01": "not JSON",
    b"{} {}": "not JSON",
    b"'a'": "not JSON",
    b'"' + b"a" * 1_000_000 + b'"': "longer than 1,000,000 bytes",
}


def entry(seq: int, **changed: Any) -> dict[str, Any]:
    by = {"role": "partner", "person": "Ann Bell"}
    body = {"amount": "12.50", "note": "paid"}
    return {
        "seq": seq, "deal": "gm", "kind": "fund.paid", "at": "2026-04-01T09:30:00Z", "by": by,
        "tags": ["deal:gm", "fund:skills"], "body": body,
    } | changed  # fmt: skip


@pytest.mark.parametrize(("content", "said"), HOSTILE.items(), ids=lambda value: str(value)[:20])
def test_hostile_json_is_refused_with_a_sentence(content: bytes, said: str) -> None:
    with pytest.raises(Refused, match=said.replace("^", r"\^")):
        read_json(content)


def test_depth_is_counted_outside_strings_only() -> None:
    assert read_json(b'"' + b"[" * 100 + b'\\""') == "[" * 100 + '"'
    assert read_json(b"[" * 64 + b"]" * 64)
    assert len(read_json(b"[" + b"[]," * 99 + b"[]]")) == 100


def test_an_escaped_backslash_before_u0000_is_no_nul() -> None:
    assert read_json(b'"\\\\u0000"') == "\\u0000"
    assert read_json(canonical("\\u0000")) == "\\u0000"


def test_canonical_examples_of_rfc_8785() -> None:
    keys = {"\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\U0001f600": 5, "\x80": 6, "\u00f6": 7}
    assert [*json.loads(canonical(keys))] == ["\r", "1", "\x80", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]
    assert canonical('\u20ac$\x0f\nA\'B"\\\\"/') == '"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'.encode()
    assert canonical({"b": [None, True, -1], "a": "\b\t\f\x7f"}) == b'{"a":"\\b\\t\\f\x7f","b":[null,true,-1]}'


@pytest.mark.parametrize("value", [1.0, (1,), {1: 2}, 2**53, {"a": {3}}, "\ud800", "\x00", b"a", float("nan")])
def test_what_json_has_no_exact_word_for_is_refused(value: Any) -> None:
    with pytest.raises(Refused):
        canonical({"a": value})


TEXT = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\x00"), max_size=6)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
)


@given(VALUES)
def test_what_is_written_is_read_again_and_written_alike(value: Any) -> None:
    content = canonical(value)
    assert read_json(content) == value
    assert canonical(read_json(content)) == content
    assert canonical(json.loads(json.dumps(value))) == content  # escapes and spaces do not matter


@given(st.binary(max_size=60) | st.text(alphabet='{}[]",:\\u0dD8eE1-.nulltrueNaN ', max_size=60).map(str.encode))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    try:
        value = read_json(content)
    except Refused as error:
        assert str(error).endswith(".")
    else:
        assert read_json(canonical(value)) == value


@given(st.data())
def test_one_changed_byte_is_never_the_same_entry(data: st.DataObject) -> None:
    line = bytearray(canonical(entry(3)))
    at = data.draw(st.integers(0, len(line) - 1))
    line[at] ^= data.draw(st.integers(1, 255))
    try:
        read_entry(bytes(line), 3)
    except (Refused, Failed):
        return
    assert leaf_hash(bytes(line)) != leaf_hash(canonical(entry(3)))


@given(st.data())
def test_many_lines_are_read_as_each_alone(data: st.DataObject) -> None:
    lines = [canonical(entry(number, body={"a": "x", "n": number})) for number in range(4)]
    at = data.draw(st.integers(0, 3))
    spot = data.draw(st.integers(0, len(lines[at]) - 1))
    new = data.draw(
        st.sampled_from([b"", b" ", b"{", b"}", b"]},{", b'"', b"\\", b"\\u0061", b"-0", b"1.5", b"NaN", b"9" * 16])
    )
    lines[at] = lines[at][:spot] + new + lines[at][spot + data.draw(st.integers(0, 1)) :]
    if data.draw(st.booleans()):  # text that moves over the end of a line
        both = lines[0] + b"," + lines[1]
        cut = both.index(b",", data.draw(st.integers(0, len(both) // 2)))
        lines[:2] = [both[:cut], both[cut + 1 :]]
    try:
        alone = [read_entry(line, number) for number, line in enumerate(lines)]
    except (Refused, Failed):
        with pytest.raises((Refused, Failed)):
            read_entries(lines, 0)
    else:
        assert read_entries(lines, 0) == alone


@pytest.mark.parametrize(
    "changed",
    [
        {"seq": -1}, {"seq": True}, {"deal": ""}, {"kind": 3}, {"at": "2026-02-30T00:00:00Z"},
        {"at": "2026-04-01T09:30:00+01:00"}, {"at": "2026-04-01"}, {"by": {"role": "x"}}, {"by": None},
        {"by": {"role": "a", "person": "b", "third": "c"}}, {"tags": ["b", "a"]}, {"tags": ["a", "a"]},
        {"tags": "a"}, {"tags": [1]}, {"body": []}, {"more": 1},
    ],
)  # fmt: skip
def test_an_entry_of_the_wrong_shape_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        read_entry(canonical(entry(0) | changed), 0)


def test_an_entry_in_another_spelling_fails() -> None:
    for content in (json.dumps(entry(0)), canonical(entry(0)).decode().replace("paid", "\\u0070aid")):
        with pytest.raises(Failed, match="spelling"):
            read_entry(content.encode(), 0)


# Published by the Go project: the key of its checksum database, and the example of its package for signed notes.
SUMDB = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
ANSWER = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
SIGNED = "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="


def test_published_keys_and_signature_of_signed_notes() -> None:
    assert verify.read_key(SUMDB).id.hex() == "033de0ae"
    key = verify.read_key(PETER)
    signature = verify.from_base64(SIGNED)
    note = verify.Checkpoint(key.name, 0, b"", ANSWER.encode(), ((key.name, signature[:4], signature[4:]),))
    assert verify.check_signature(note, key)
    for changed in (ANSWER + " ", ANSWER.replace("is", "was")):
        with pytest.raises(Failed, match="forged"):
            verify.check_signature(verify.Checkpoint(key.name, 0, b"", changed.encode(), note.signatures), key)


@pytest.mark.parametrize("text", ["", "a", "a+b+c", PETER.replace("c7", "c8"), PETER[:-4], "a+00000000+AQ=="])
def test_a_broken_key_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        verify.read_key(text)


ROOT64 = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="


@pytest.mark.parametrize(
    "text",
    [
        "", "log\n0\n" + ROOT64, "log\n0\n" + ROOT64 + "\n\n", f"log\n00\n{ROOT64}\n\n\u2014 a AAAA\n",
        f"log\n-1\n{ROOT64}\n\n\u2014 a AAAA\n", "log\n1\nAAAA\n\n\u2014 a AAAA\n", f"log\n0\n{ROOT64}\n\n- a AAAA\n",
        f"log\n0\n{ROOT64[:-2]}V=\n\n\u2014 a AAAA\n", f"\n0\n{ROOT64}\n\n\u2014 a AAAA\n",
    ],
)  # fmt: skip
def test_a_broken_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        verify.read_checkpoint(text.encode())


@given(st.binary(max_size=200))
def test_any_bytes_are_a_checkpoint_or_refused(content: bytes) -> None:
    with pytest.raises(Refused):
        verify.read_checkpoint(content)


LINES = [canonical(entry(number, body={"amount": f"{number}.50"})) for number in range(20)]


def write(folder: Path, lines: list[bytes], vouched: list[bytes] = LINES) -> list[str]:
    root = verify.base64.b64encode(root_of(map(leaf_hash, vouched))).decode()
    log, checkpoint = folder / "log.jsonl", folder / "checkpoint"
    log.write_bytes(b"".join(line + b"\n" for line in lines))
    checkpoint.write_text(f"soke.example/gm\n{len(vouched)}\n{root}\n\n\u2014 x AAAA\n", encoding="utf-8")
    return [str(log), "--checkpoint", str(checkpoint), "--no-signature"]


def test_an_honest_copy_is_verified(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(write(tmp_path, LINES)) == 0
    assert "The 20 entries of soke.example/gm are those" in capsys.readouterr().out
    assert main(write(tmp_path, LINES, LINES[:15])) == 0
    assert "5 newer entries" in capsys.readouterr().out
    assert main(write(tmp_path, [], [])) == 0


def renumbered(lines: list[bytes]) -> list[bytes]:
    return [canonical(json.loads(line) | {"seq": number}) for number, line in enumerate(lines)]


TAMPERED = {
    "edited": ([*LINES[:7], canonical(entry(7, body={"amount": "99"})), *LINES[8:]], "not those that the checkpoint"),
    "deleted": ([*LINES[:7], *LINES[8:]], "entry 7 is missing"),
    "deleted and renumbered": (renumbered([*LINES[:7], *LINES[8:]]), "shorter than the checkpoint"),
    "swapped": ([*LINES[:7], LINES[8], LINES[7], *LINES[9:]], "Line 8: Entry 8 stands where entry 7 belongs"),
    "renumbered": (renumbered([*LINES[:7], LINES[8], LINES[7], *LINES[9:]]), "not those that the checkpoint"),
    "cut tail": (LINES[:-3], "holds 17 entries of 20"),
    "inserted": ([*LINES[:7], LINES[6], *LINES[7:]], "Line 8: Entry 6 stands where entry 7 belongs"),
    "inserted and renumbered": (renumbered([LINES[0], *LINES]), "not those that the checkpoint"),
    "all gone": ([], "holds 0 entries of 20"),
}


@pytest.mark.parametrize("how", TAMPERED)
def test_a_tampered_copy_is_caught_and_said_plainly(
    how: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines, said = TAMPERED[how]
    assert main(write(tmp_path, lines)) == 1
    assert said in capsys.readouterr().out


def test_with_the_published_hashes_the_changed_entry_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hashes = tmp_path / "hashes"
    hashes.write_text("".join(leaf_hash(line).hex() + "\n" for line in LINES))
    command = [*write(tmp_path, TAMPERED["edited"][0]), "--hashes", str(hashes)]
    assert main(command) == 1
    assert "Line 8: Entry 7 is not the entry that was published" in capsys.readouterr().out
    assert main([*write(tmp_path, LINES), "--hashes", str(hashes)]) == 0
    hashes.write_text("".join(leaf_hash(line).hex() + "\n" for line in TAMPERED["edited"][0]))
    assert main(command) == 1  # forged hashes do not lead to the root
    assert "do not lead to the root" in capsys.readouterr().out


def test_a_file_cut_in_the_middle_of_a_line_fails_and_bad_files_are_bad_input(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = write(tmp_path, LINES)
    log = tmp_path / "log.jsonl"
    log.write_bytes(log.read_bytes()[:-30])
    assert main(command) == 1
    assert "in the middle of a line" in capsys.readouterr().out
    log.write_bytes(LINES[0] + b'\n{"a":1,"a":1}\n')
    assert main(command) == 2
    assert "Line 2" in capsys.readouterr().out
    log.write_bytes(b"a" * 3_000_000)
    assert main(command) == 2
    assert main([str(tmp_path / "none"), *command[1:]]) == 2
    assert main([str(tmp_path), *command[1:]]) == 2


def test_it_runs_alone_and_says_that_the_signature_was_not_checked(tmp_path: Path) -> None:
    alone = tmp_path / "elsewhere.py"
    alone.write_bytes(Path(verify.__file__).read_bytes())
    command = [sys.executable, "-I", "-S", str(alone), *write(tmp_path, LINES)]  # -S: nothing but the standard library
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    done = subprocess.run(command[:-1], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "signature was not checked: you gave no key" in done.stdout
