"""A PostgreSQL server of one's own, from the system's binaries: a unix socket in a temporary folder, no port."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

LOGINS = "local all guarded scram-sha-256\nlocal all all trust\n"
START_SECONDS = 60


def binaries() -> Path | None:
    """The folder of initdb and postgres, which Debian keeps out of the PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[4]))
    named = shutil.which("postgres")
    return found[-1].parent if found else Path(named).resolve().parent if named else None


class Server:
    """A running server. PostgreSQL refuses to run as root, so then it runs as the user postgres or nobody."""

    def __init__(self, folder: Path, programs: Path) -> None:
        self.folder, self.programs = folder, programs
        self._user = None if os.geteuid() else _somebody(folder)
        self._process: subprocess.Popen[bytes] | None = None
        made = subprocess.run(
            [programs / "initdb", "-D", folder / "data", "-U", "soke", "-A", "trust", "-E", "UTF8", "--locale=C",
             "--no-sync", "--data-checksums"],
            capture_output=True, text=True, check=False, cwd=folder, user=self._user,
        )  # fmt: skip
        if made.returncode:
            raise RuntimeError(f"initdb: {made.stderr}")
        (folder / "data" / "pg_hba.conf").write_text(LOGINS)

    def url(self, schema: str = "soke", user: str = "soke", database: str = "postgres") -> str:
        return f"postgresql://{user}@/{database}?host={self.folder}&schema={schema}"

    def start(self) -> Self:
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self.programs / "postgres", "-D", "data", "-k", self.folder, "-c", "listen_addresses="],
                stdout=log, stderr=log, cwd=self.folder, user=self._user,
            )  # fmt: skip
        ready = [self.programs / "pg_isready", "-q", "-h", self.folder, "-U", "soke", "-d", "postgres"]
        until = time.monotonic() + START_SECONDS
        while subprocess.run(ready, check=False).returncode:
            if self._process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"PostgreSQL does not start: {(self.folder / 'log').read_text()[-2000:]}")
            time.sleep(0.02)
        return self

    def stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait()

    def kill(self) -> None:
        """kill -9 of the postmaster and every backend, as when the machine stops."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)  # so that it starts no backend behind our back
        victims = [self._process.pid, *_children(self._process.pid)]
        for victim in victims:
            os.kill(victim, signal.SIGKILL)
        self._process.wait()
        while any(_alive(victim) for victim in victims):
            time.sleep(0.005)


def _somebody(folder: Path) -> str:
    for name in ("postgres", "nobody"):
        try:
            shutil.chown(folder, user=name)
        except LookupError:
            continue
        return name
    raise RuntimeError("There is neither a user postgres nor a user nobody to run PostgreSQL.")


def _stat(pid: str) -> list[str]:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _children(parent: int) -> list[int]:
    return [int(path.name) for path in Path("/proc").glob("[0-9]*") if _stat(path.name)[1:2] == [str(parent)]]


def _alive(pid: int) -> bool:
    return _stat(str(pid))[:1] not in ([], ["Z"])


@contextmanager
def private_server(programs: Path) -> Iterator[Server]:
    with tempfile.TemporaryDirectory(prefix="soke-pg-", dir="/tmp") as name:
        Path(name).chmod(0o755)
        server = Server(Path(name), programs)
        try:
            yield server.start()
        finally:
            server.stop()
