"""What PostgreSQL says, in a sentence."""

from __future__ import annotations

from types import TracebackType
from typing import Any

import psycopg
from psycopg import errors

from soke.errors import SokeError
from soke.register.database import Conflict, InDoubt, Taken, damaged
from soke.register.postgres_place import Place


def unreachable(error: psycopg.Error, place: Place) -> SokeError:
    """What libpq says, from the last ``failed:``; a password that it might repeat is struck out."""
    said = " ".join(str(error).rpartition("failed: ")[2].split("\n")[0].split())
    if place.password:
        said = said.replace(place.password, "***")
    if "FATAL" in said:
        said = said.partition("FATAL:")[2].strip()
        fact, fix = "The server refuses", "Check the user, the password (in ~/.pgpass) and the name of the database."
    else:
        fact, fix = "The server cannot be reached", "Check that it runs, and its host and port."
    return SokeError(f"{fact}: {said.rstrip('.')}.", fix, place.shown)


class Plainly:
    """What PostgreSQL says, in a sentence."""

    def __init__(self, connection: psycopg.Connection[Any], where: str) -> None:
        self.connection, self.where = connection, where
        self.committing = False

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        committing, self.committing = self.committing, False
        if isinstance(error, psycopg.Error):
            raise self.sentence(error, committing) from None

    def sentence(self, error: psycopg.Error, committing: bool) -> SokeError:
        said = (error.diag.message_primary or type(error).__name__).rstrip(".")
        lost = self.connection.closed or isinstance(error, errors.AdminShutdown | errors.CrashShutdown)
        if lost and committing:
            return InDoubt(
                "The connection was lost while the entry was being confirmed: it was written whole, or not at all.",
                "Open the register again and look.", self.where,
            )  # fmt: skip
        if lost:
            return SokeError(
                "The connection to the database was lost; nothing was written.", "Open the register again.", self.where
            )
        if isinstance(error, errors.UniqueViolation | errors.SerializationFailure | errors.DeadlockDetected):
            return Conflict("Another writer came first.", "Read the register again, then decide.", self.where)
        if isinstance(error, errors.LockNotAvailable):
            return Conflict("Another writer keeps the register busy.", "Try again in a moment.", self.where)
        if isinstance(error, errors.DiskFull):
            return SokeError("The disk is full: nothing was written.", "Make room, then try again.", self.where)
        if isinstance(error, errors.DataCorrupted | errors.IndexCorrupted):
            return damaged(self.where, f"PostgreSQL says: {said}.")
        if isinstance(error, errors.UndefinedTable | errors.UndefinedColumn):
            return damaged(self.where, f"PostgreSQL says: {said}.")
        if isinstance(error, errors.DuplicateSchema):
            return Taken("This schema exists, and nothing is overwritten.", "Name a new one: ?schema=name.", self.where)
        if isinstance(error, errors.InsufficientPrivilege):
            return SokeError(f"The user may not do this: {said}.", "Ask the keeper of the database.", self.where)
        if isinstance(error, errors.ReadOnlySqlTransaction):
            return SokeError("The server can only be read.", "Name the one that is written to.", self.where)
        return SokeError(f"The register cannot be used: {said}.", "Check the server and its disk.", self.where)
