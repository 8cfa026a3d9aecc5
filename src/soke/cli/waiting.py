"""A line on a terminal for a command that takes more than two seconds and has no progress of its own to tell."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

AFTER, EVERY = 2.0, 0.5  # seconds

_waiting: list[Waiting] = []  # the one that runs, if any


class Waiting:
    """Says on standard error how long the work has taken so far, until it is stopped or anything else is printed."""

    def __init__(self, words: str) -> None:
        self._words, self._began, self._done = words, time.monotonic(), threading.Event()
        self._shown = False
        self._thread = threading.Thread(target=self._tell, daemon=True)
        self._thread.start()

    def _tell(self) -> None:
        if self._done.wait(AFTER):
            return
        while not self._done.is_set():
            self._shown = True
            sys.stderr.write(f"\r{self._words} {time.monotonic() - self._began:.0f} s\x1b[K")
            sys.stderr.flush()
            self._done.wait(EVERY)

    def stop(self) -> None:
        """Take the line away: what is printed next stands where it stood."""
        self._done.set()
        self._thread.join()
        if self._shown:
            self._shown = False
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


@contextmanager
def waiting(words: str) -> Iterator[None]:
    """While this runs, a terminal shows how long it has taken; nothing elsewhere."""
    if sys.stderr.isatty():
        _waiting.append(Waiting(words))
    try:
        yield
    finally:
        stop_waiting()


def stop_waiting() -> None:
    """Before anything else is printed."""
    while _waiting:
        _waiting.pop().stop()
