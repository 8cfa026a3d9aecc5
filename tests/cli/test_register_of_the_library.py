"""A register as a script or a notebook reads it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from soke.errors import SokeError
from soke.library import Register


def test_a_register_is_read(story: Path) -> None:
    where = story / "gm.db"
    with Register(where) as register:
        (deal,) = register.deals
        status = register.status(deal)
        assert all(len(table) == len(table.records()) for table in status.tables.values())
        assert status.value.deal == deal and "<table>" in status._repr_html_()
        assert register.status(deal, dt.datetime(2027, 1, 1, 12)).tables  # a day with an hour is that day
        whole = register.history(deal)
        assert len(register.history(deal, last=3)) == 3 and len(register.history()) >= len(whole) > 20
        assert 0 < len(register.history(deal, "fund:growth-and-place")) < len(whole)
        assert "none missing" in " ".join(register.verify())
        for call, code, said in (
            (lambda: register.status("greater-manchster"), "unknown-name", f"Did you mean {deal}?"),
            (lambda: register.status("x"), "unknown-name", f"Its deals: {deal}."),
            (lambda: register.status(deal, dt.date(1900, 1, 1)), "bad-input", "Ask for a later day"),
            (lambda: register.status(3), "bad-type", "deal"),  # type: ignore[arg-type]
            (lambda: register.status(deal, "2027-01-01"), "bad-type", "on"),  # type: ignore[arg-type]
            (lambda: register.history(b"x"), "bad-type", "deal"),  # type: ignore[arg-type]
            (lambda: register.history("x"), "unknown-name", "Its deals"),
            (lambda: register.history(deal, 5), "bad-type", "about"),  # type: ignore[arg-type]
            (lambda: register.history(deal, "money"), "unknown-name", "KIND:ID"),
            (lambda: register.history(deal, last=-1), "bad-input", "0 for all"),
            (lambda: register.history(deal, last=True), "bad-type", "last"),
        ):  # fmt: skip
            with pytest.raises(SokeError) as error:
                call()
            assert error.value.code == code and said in str(error.value) and error.value.fix
    with pytest.raises(SokeError):
        register.deals  # noqa: B018 - it is closed
    where.write_bytes(where.read_bytes()[:5000])
    with pytest.raises(SokeError) as cut, Register(where) as register:
        register.verify()
    assert cut.value.code == "damaged"
