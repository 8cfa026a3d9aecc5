"""A web server for one's own browser, to look at a site as others will see it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from soke.errors import SokeError

HERE = "127.0.0.1"  # this machine alone


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: who looks at pages does not read a log."""


def serve(folder: Path, port: int, ready: Callable[[str], object]) -> None:
    """Serve a folder until told to stop. SokeError where the port is taken."""
    try:
        server = ThreadingHTTPServer((HERE, port), partial(_Quiet, directory=str(folder)))
    except OSError as error:
        raise SokeError(f"Port {port} cannot be used: {error.strerror}.", "Name another with --port.") from error
    with server:
        ready(f"http://{HERE}:{server.server_address[1]}/")
        server.serve_forever()
