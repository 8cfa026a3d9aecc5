"""How plain the first screen of a page is: its sentences, their length, and words that should not stand there."""

from __future__ import annotations

import re
from html.parser import HTMLParser

WORDS_OF_A_SCREEN = 150  # of running text; what comes later is below the first screen
LONGEST = 20  # words of a sentence
BLOCKS = {"p", "li", "h1", "h2", "h3", "dt", "dd", "th", "td", "caption", "summary", "small", "b", "div", "section"}
SKIPPED = {"script", "style", "pre", "svg", "header", "footer", "code", "title", "table"}
VOID = {"meta", "link", "br", "hr", "img", "col", "input"}
JARGON = (
    "fiscal deficit", "net fiscal balance", "apportioned", "per capita", "80% interval", "confidence interval",
    "precept incidence", "remedy period", "insufficient data", "consolidated grant", "percentile", "stakeholder",
    "utilise", "pursuant", "hereby", "inter alia", "leverage",
)  # fmt: skip


class _Text(HTMLParser):
    """The text of ``main`` by block, without what is hidden, drawn, to be typed, or quoted from a table."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.blocks: list[str] = [""]

    @property
    def shown(self) -> bool:
        return any(tag == "main" for tag, _ in self.open) and not any(hidden for _, hidden in self.open)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in BLOCKS:
            self.blocks.append("")
        if tag in VOID:
            return
        given = dict(attrs)
        classes = (given.get("class") or "").split()
        hidden = bool(tag in SKIPPED or "popover" in given or {"hidden", "trail", "facts"} & set(classes))
        self.open.append((tag, hidden))

    def handle_endtag(self, tag: str) -> None:
        while self.open:
            closed, _ = self.open.pop()
            if closed == tag:
                break
        if tag in BLOCKS:
            self.blocks.append("")

    def handle_data(self, data: str) -> None:
        if self.shown:
            self.blocks[-1] += data


def first_screen(html: str) -> list[str]:
    """The sentences of the first screen of a page, in the order in which they are read."""
    reader = _Text()
    reader.feed(html)
    sentences: list[str] = []
    for block in reader.blocks:
        text = " ".join(block.split())
        sentences += [
            part for part in re.split(r"(?<=[.?!:])\s+(?=[A-Z0-9£“\"])", text) if re.search(r"[A-Za-z]", part)
        ]
        if sum(len(each.split()) for each in sentences) >= WORDS_OF_A_SCREEN:
            break
    return sentences


def longest(html: str) -> str:
    """The sentence of the first screen with the most words."""
    return max(first_screen(html), key=lambda sentence: len(sentence.split()), default="")


def grade(html: str) -> float:
    """The school year that can read the first screen, by the automated readability index: letters a word, and words a
    sentence. Age is about five more."""
    sentences = first_screen(html)
    words = [word for sentence in sentences for word in re.findall(r"[\w'’-]+", sentence)]
    letters = sum(len(word) for word in words)
    return 4.71 * letters / len(words) + 0.5 * len(words) / len(sentences) - 21.43


def jargon(html: str) -> list[str]:
    """Words of the first screen that have a plainer one."""
    text = " ".join(first_screen(html)).casefold()
    return [word for word in JARGON if word in text]
