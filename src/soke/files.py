"""Files in and out: read with a limit, written whole or not at all."""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from soke.errors import SokeError

DATABASE = b"SQLite format 3\0"  # how the file of a database begins
BESIDE = ("-wal", "-shm", "-journal")  # how the names of its parts end


def read_whole(path: Path, shown: str, largest: int, fix: str = "Check that it is the file you mean.") -> bytes:
    """The bytes of a file. SokeError where it is missing, refuses, or holds more than ``largest`` bytes: ``fix`` says
    what to do about that."""
    try:
        if path.is_dir():
            raise SokeError("This is a folder, not a file.", "Name a file.", shown, code="file-refused")
        with open(path, "rb", opener=_without_waiting) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                fact, save = "This is a pipe or a device, not a file.", "Save it as a file and name that."
                raise SokeError(fact, save, shown, code="file-refused")
            content = file.read(largest + 1)
    except FileNotFoundError:
        raise SokeError("There is no such file.", "Check the name and the folder.", shown, code="no-file") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        fact = f"The file cannot be read: {reason}."
        raise SokeError(fact, "Check its permissions.", shown, code="file-refused") from None
    if len(content) > largest:
        raise SokeError(f"The file is larger than {largest:,} bytes.", fix, shown, code="too-large")
    return content


def _without_waiting(name: str, flags: int) -> int:
    """Open at once: a pipe that nobody writes to would be waited for without end."""
    return os.open(name, flags | getattr(os, "O_NONBLOCK", 0))


def not_an_input(path: Path, read: Iterable[Path]) -> None:
    """SokeError where ``path``, about to be written, is a file that was ``read``: by the same name or another."""
    for one in read:
        try:
            same = path.samefile(one)
        except (OSError, ValueError):  # what is not there yet holds nothing that could be lost
            continue
        if same:
            fact = f"{path} is a file that this command reads: writing it would replace what it says."
            raise SokeError(fact, "Name another file to write.")


def _spare_databases(path: Path) -> None:
    """SokeError where a database lies, or its name makes a file a part of one: no table replaces a register."""
    names = [path, *(path.with_name(path.name.removesuffix(end)) for end in BESIDE if path.name.endswith(end))]
    for name in names:
        if name.is_file():
            with name.open("rb") as file:
                if file.read(len(DATABASE)) == DATABASE:
                    fact = f"{path} is a database, such as a register or a ballot box, or belongs to one."
                    raise SokeError(fact, "Name another file: a database is never overwritten.", code="file-refused")


def write_whole(path: Path, content: bytes | Iterable[bytes]) -> None:
    """Write a file, in one piece or in parts, whole or not at all. Raises SokeError where the folder refuses, or a
    database lies there."""
    try:
        if path.exists() and not path.is_file():
            fact = f"{path} is a folder, a pipe or a device, not a file."
            raise SokeError(fact, "Name a file in a folder you may write to.", code="file-refused")
        path.parent.mkdir(parents=True, exist_ok=True)
        _placed(path, content, 0o644, lambda made: made.replace(path))
    except OSError as error:
        raise SokeError(
            f"{path} cannot be written: {error.strerror}.",
            "Name a file in a folder you may write to.",
            code="file-refused",
        ) from error


def write_new(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Write a new file whole or not at all. SokeError where anything has its name, or the folder refuses."""
    must_be_new(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        create_whole(path, content, mode)
    except FileExistsError:
        raise _taken(path) from None
    except OSError as error:
        fact = f"{path} cannot be written: {error.strerror}."
        raise SokeError(fact, "Name a file in a folder you may write to.", code="file-refused") from error


def must_be_new(path: Path) -> None:
    """SokeError where anything has this name already: a file, a folder, a link that leads nowhere."""
    if os.path.lexists(path):
        raise _taken(path)


def _taken(path: Path) -> SokeError:
    return SokeError(f"{path} is already there.", "Name another file, or move it away.", code="file-refused")


def create_whole(path: Path, content: bytes, mode: int) -> None:
    """Write a new file whole or not at all, and on disk. Raises FileExistsError where anything has its name."""
    _placed(path, content, mode, lambda made: place_whole(made, path))


def place_whole(made: Path, path: Path) -> None:
    """Give a file that is made a name beside it. Raises FileExistsError where anything has that name: of two who do
    this at once, one only succeeds."""
    try:
        os.link(made, path, follow_symlinks=False)
    except FileExistsError:
        raise
    except (OSError, NotImplementedError):  # a disk that gives no file two names: take the name, then fill it
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        try:
            made.replace(path)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
    if os.name == "posix":  # the name outlives a loss of power only when the folder is on disk
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """One at a time does this in a folder: nobody takes up what another is about to take back. Whoever makes a file in
    it says that the folder is not there."""
    try:
        import fcntl  # noqa: PLC0415  # not on every system; there, a new file is still never overwritten

        handle = os.open(folder, os.O_RDONLY)
    except (ImportError, OSError):
        yield
        return
    try:
        with suppress(OSError):  # some disks of a network cannot
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


@contextmanager
def folder_beside(parent: Path) -> Iterator[Path]:
    """A new folder in ``parent`` for files that are moved out of it once they are whole. However this ends, it goes."""
    folder = _beside(parent)
    try:
        folder.mkdir(0o700)
        yield folder
    finally:
        try:
            _remove(folder)
        finally:  # told to stop half-way through
            _remove(folder)


def _remove(folder: Path) -> None:
    with suppress(OSError):
        for part in folder.iterdir():
            if part.is_dir() and not part.is_symlink():
                _remove(part)
            else:
                part.unlink(missing_ok=True)
        folder.rmdir()


def _placed(path: Path, content: bytes | Iterable[bytes], mode: int, place: Callable[[Path], object]) -> None:
    """Write a file that is nobody's yet into the same folder, and on disk; then ``place`` it. However this ends, none
    is left over: its name is known before it is there, and it is removed in one call, which no signal divides."""
    _spare_databases(path)
    made = _beside(path.parent)
    name = str(made)
    try:
        with open(made, "xb", opener=_for_oneself) as file:
            for part in (content,) if isinstance(content, bytes) else content:
                file.write(part)
            file.flush()
            os.fsync(file.fileno())
        made.chmod(mode)
        place(made)
    finally:
        try:  # noqa: SIM105
            os.unlink(name)  # noqa: PTH108
        except FileNotFoundError:
            pass


def _for_oneself(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)


def _beside(folder: Path) -> Path:
    return folder / f".soke-{secrets.token_hex(8)}"
