"""The public pages of a register as a browser shows them: no word is cut, nothing scrolls sideways, axe finds no fault,
light or dark, nothing is asked for, and on paper it is all there."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from measured import OPEN_ALL, wrong_on
from playwright.sync_api import Browser, Page, sync_playwright
from register_states import STATES

from soke.register.history import told
from soke.register.published import Untold
from soke.register.scorecard import scorecard
from soke.report.register_deals import deals_page, empty_page
from soke.report.register_history import history_page
from soke.report.register_parts import Vouched
from soke.report.register_status import status_page

pytestmark = pytest.mark.slow
VOUCHED = Vouched(register="soke.example/test", rehearsal=True, entries=30, root=bytes(range(32)),
                  last=dt.date(2027, 6, 2), key="soke.example/test+00112233+AAAA")  # fmt: skip
Scheme = Literal["light", "dark"]
SEEN: tuple[tuple[int, Scheme], ...] = ((1280, "light"), (1280, "dark"), (768, "light"), (375, "light"))
LOOKED_AT = ("laid open", "no answer, heard and decided", "recalled", "hostile", "long names")


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield made
        made.close()


def opened(browser: Browser, address: str, width: int, scheme: Scheme) -> tuple[Page, list[str], list[str]]:
    """The page, what it asked for and what the console said. The policy is set aside so that axe may run."""
    context = browser.new_context(viewport={"width": width, "height": 800}, bypass_csp=True, color_scheme=scheme)
    page = context.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.goto(address)
    return page, asked, said


def made(name: str) -> dict[str, bytes]:
    """The pages of a deal in a state, and of a register of fifty such deals."""
    play = STATES[name][0]()
    card = scorecard(play.state, dt.date.fromisoformat(STATES[name][1]))
    lines = list(told(play.entries))
    lost = dataclasses.replace(lines[-1], sentence="The key of the register was lost. Another takes its place: a flood")
    if name == "laid open":
        fifty = [(f"status-{number}.html", card) for number in range(50)]
        broken = ("status-x.html", Untold("x", "Entry 4 breaks a rule."))
        return {
            "deals": deals_page([*fifty, broken], VOUCHED, lines),
            "empty": empty_page(VOUCHED, lines[:1]),
            "status": status_page(card, VOUCHED, lines, alone=False),
        }
    said = dataclasses.replace(VOUCHED, key_lost=(lost,))
    return {"status": status_page(card, said, lines[-5:]), "history": history_page(lines, said)}


@pytest.mark.parametrize("name", LOOKED_AT)
def test_it_is_whole_on_a_telephone_and_a_desk_in_light_and_dark(name: str, browser: Browser, tmp_path: Path) -> None:
    for called, content in made(name).items():
        file = tmp_path / f"{called}.html"
        file.write_bytes(content)
        for width, scheme in SEEN:
            page, asked, said = opened(browser, file.as_uri(), width, scheme)
            assert wrong_on(page) == [], f"{called} at {width}"
            assert page.evaluate("document.documentElement.scrollWidth") == width, f"{called} at {width}"
            if width != 768:
                found = Axe().run(page)
                assert found.violations_count == 0, f"{called} at {width}, {scheme}: {found.generate_report()}"
            assert (asked, said) == ([file.as_uri()], [])
            page.context.close()


def test_on_paper_nothing_is_cut(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "status.html"
    file.write_bytes(made("recalled")["status"])
    page = browser.new_page(viewport={"width": 794, "height": 1123})
    page.goto(file.as_uri())
    page.evaluate(OPEN_ALL)
    page.emulate_media(media="print")
    assert wrong_on(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 794
    page.close()
