"""The steps of a public draw on disk: the folder and the secret before it, what came out, and replacements.

A secret lies in a file of its own outside the folder, for its owner's eyes only, until the draw reveals it.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from soke.community.assemblies.checking import ROUND_FOLDER, Round, check_files, check_folder, folders
from soke.community.assemblies.draw import commitment, read_seed
from soke.community.assemblies.draw import secret as secret_of_round
from soke.community.assemblies.feasibility import long_wait
from soke.community.assemblies.form import read_form
from soke.community.assemblies.making import prepare, reveal
from soke.community.assemblies.pool import Pool, household_limit, read_files, read_quotas
from soke.community.assemblies.progress import Tell, quiet
from soke.community.assemblies.record import (
    DRAWN,
    PEOPLE,
    QUOTAS,
    STATEMENT,
    After,
    Drawn,
    Statement,
    drawn_file,
    read_people,
    read_statement,
    sha256,
)
from soke.community.assemblies.replacements import put_away, reasons_of, vacancy
from soke.errors import SokeError
from soke.files import create_whole, read_whole, write_whole

LEFT_BEFORE = "left the panel before"
_LARGEST, _LARGEST_SECRET = 100_000_000, 1_000


def publish_draw(
    pool: Path, quotas: Path, folder: Path, *, size: int, public: str, form: str, secret: Path | None,
    rehearsal_secret: Path | None = None, panels: int = 0, aim: str = "leximin", id_column: str = "",
    household: str | Sequence[str] = "", per_household: int = 1, tell: Tell = quiet, warn: Tell = quiet,
) -> Statement:  # fmt: skip
    """Step 1: write the fairest lottery for a panel of ``size`` into ``folder``, and a new secret into its file.

    ``public`` says what the public value will be and ``form`` how it is written. A rehearsal takes the known secret of
    ``rehearsal_secret`` instead of a new one. ``warn`` is told beforehand where it will take long, and what of the
    files should be looked at; ``tell`` how far it is. SokeError, and nothing is written, where no panel keeps the
    quotas or an option is out of range.
    """
    check_promise(public, form)
    check_new_folder(folder)
    people, wanted = read_files(pool, quotas, id_column, household, warn)
    seed = new_seed(secret, folder, rehearsal_secret)
    at_most = household_limit(household, per_household)
    _warn(long_wait(people, wanted, size, at_most), warn)
    files = prepare(
        people, wanted, size, aim=aim, panels=panels, per_household=at_most, seed=seed, value=public, form=form,
        rehearsal=rehearsal_secret is not None, tell=tell,
    )  # fmt: skip
    check_before(files, folder, tell=tell)
    publish(folder, files, secret, seed)
    return read_statement(folder)


@dataclass(frozen=True, slots=True, kw_only=True)
class Revealed:
    """What came out of the draw of ``folder``, which may be that of a replacement."""

    folder: Path
    statement: Statement
    drawn: Drawn

    def members(self) -> tuple[Pool, tuple[tuple[str, ...], ...]]:
        """The pool, and of each person drawn the id and the values in the order of its categories."""
        where = self.folder / QUOTAS, self.folder / PEOPLE
        quotas = read_quotas(read_whole(where[0], str(where[0]), _LARGEST), str(where[0]))
        pool = read_people(read_whole(where[1], str(where[1]), _LARGEST), str(where[1]), quotas)
        values = dict(zip(pool.ids, pool.values, strict=True))
        return pool, tuple((person, *values[person]) for person in self.drawn.panel)


def reveal_latest(folder: Path, secret: Path | None, value: str) -> Revealed:
    """Step 2: what the secret and the public ``value`` give for the latest round that is published in ``folder``.

    Nothing is written yet. SokeError where it is drawn already, or the secret is not the one that was promised.
    """
    latest = folders(folder)[-1]
    statement = read_statement(latest)
    if (latest / DRAWN).exists():
        raise SokeError("This panel is drawn already.", "It stands: see drawn.json.", str(latest))
    return Revealed(folder=latest, statement=statement, drawn=reveal(latest, seed_of(secret, folder), value))


def publish_revealed(revealed: Revealed) -> Path:
    """Write what came out beside the statement; the file."""
    path = revealed.folder / DRAWN
    write_whole(path, drawn_file(revealed.drawn))
    return path


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """A replacement as it was published: how many stay, the places to fill, and from how many people.

    ``put_away`` says whom the organiser left out of the lot, and why; empty where nobody.
    """

    folder: Path
    statement: Statement
    stay: int
    put_away: str


def publish_replacement(
    folder: Path, left: Sequence[str], *, secret: Path | None, public: str, form: str, away: Sequence[str] = (),
    tell: Tell = quiet, warn: Tell = quiet,
) -> Replacement:  # fmt: skip
    """Step 1 for the places of those who ``left``, with the next secret of the same chain, in a folder within.

    ``away`` has texts ``ID=reason``, of others who cannot be asked. SokeError where the draw before is not finished or
    does not verify, the secret is not its own, or nobody is left who keeps the quotas.
    """
    check_promise(public, form)
    rounds = _finished(folder)
    first, last = rounds[0], rounds[-1]
    said = first.statement
    if last.drawn is None or first.pool is None:
        raise SokeError("The draw before is not finished.", "Draw it with --reveal first.", str(last.folder))
    gone = [person for each in rounds for person in (each.statement.after.left if each.statement.after else ())]
    chosen = reasons_of(away, first.pool.ids)
    cannot = dict.fromkeys(gone, LEFT_BEFORE) | {person: why for person, why in chosen.items() if person not in gone}
    places = vacancy(first.pool, first.quotas, last.panel, left, cannot, said.per_household)
    everybody = vacancy(first.pool, first.quotas, last.panel, left, gone, said.per_household).pool.ids
    chosen = {person: chosen[person] for person in everybody if person in chosen}
    seed = seed_of(secret, folder)
    if commitment(secret_of_round(seed, len(rounds))) != last.drawn.secret:
        raise SokeError("This is not the secret of the draw before.", "Name the file made with it.", str(secret))
    after = After(last.drawn.hash, tuple(person for person in last.panel if person not in left), tuple(left), cannot)
    _warn(long_wait(places.pool, places.quotas, places.size, said.per_household), warn)
    files = prepare(
        places.pool, places.quotas, places.size, aim=said.aim, panels=0, per_household=said.per_household,
        seed=seed, value=public, form=form, rehearsal=said.rehearsal, turn=len(rounds), after=after,
        taken=places.taken, tell=tell,
    )  # fmt: skip
    target = folder / ROUND_FOLDER.format(len(rounds))
    check_before(files, target, rounds, tell)
    write_round(target, files)
    words = put_away(chosen, len(everybody)) if chosen else ""
    return Replacement(folder=target, statement=read_statement(target), stay=len(after.kept), put_away=words)


def check_before(files: Mapping[str, bytes], folder: Path, before: Sequence[Round] = (), tell: Tell = quiet) -> None:
    """SokeError, in the words of `soke assembly verify`, where it would find anything wrong with these files."""
    if wrong := check_files(files, folder, before, tell).wrong:
        fact = f"The lottery that was found does not verify, so nothing is published: {wrong[0]}"
        raise SokeError(fact, "Widen a quota by one or two people, or take fewer categories, and draw again.")


def _finished(folder: Path) -> list[Round]:
    """The rounds of a folder that verifies."""
    rounds = check_folder(folder)
    if wrong := [fault for each in rounds for fault in each.wrong]:
        raise SokeError(f"The draw does not verify: {wrong[0]}", "Restore the folder first.", str(folder))
    return rounds


def _warn(words: str, warn: Tell) -> None:
    if words:
        warn(words)


def seed_of(path: Path | None, folder: Path) -> str:
    """The seed in the file that step 1 made."""
    outside = _outside(path, folder)
    return read_seed(read_whole(outside, str(outside), _LARGEST_SECRET), str(outside))


def new_seed(path: Path | None, folder: Path, rehearsal: Path | None) -> str:
    """A seed that nobody knows, for a file that is not there yet; or the known one of a ``rehearsal``."""
    if rehearsal is not None:
        if path is not None:
            raise SokeError("A draw has one secret.", "Give --secret, or in a rehearsal --rehearsal-secret.")
        return seed_of(rehearsal, folder)
    if _outside(path, folder).exists():
        fact = "This file is there already. A secret serves one draw: one that was revealed would let anybody steer it."
        fix = "Name a file that is not there yet; a known secret, for a rehearsal, is named by --rehearsal-secret."
        raise SokeError(fact, fix, str(path))
    return secrets.token_hex(32)


def publish(folder: Path, files: dict[str, bytes], secret: Path | None, seed: str) -> None:
    """Write the new secret, for its owner's eyes only, and then the folder. ``secret`` is None in a rehearsal."""
    if secret is not None:
        promised = sha256(files[STATEMENT])
        about = f"{seed}\n# the secret of the draw in {folder.name!a}; SHA-256 of its statement: {promised}\n"
        try:
            secret.parent.mkdir(parents=True, exist_ok=True)
            create_whole(secret, about.encode(), 0o600)
        except FileExistsError:
            raise SokeError("Somebody else made this file just now.", "Try again.", str(secret)) from None
        except OSError as error:
            fact = f"The secret cannot be written: {error.strerror}."
            raise SokeError(fact, "Name another file.", str(secret), code="file-refused") from None
    try:
        write_round(folder, files)
    except SokeError:
        if secret is not None:
            secret.unlink()  # of a draw that never was
        raise


def _outside(path: Path | None, folder: Path) -> Path:
    if path is None:
        raise SokeError("--secret is missing.", "Name a file for the secret, outside the published folder.")
    if folder.resolve() in path.resolve().parents:
        raise SokeError("The secret would lie in the published folder.", "Name a file elsewhere.", str(path))
    return path


def check_promise(public: str, form: str) -> None:
    """SokeError where nobody is told what the public value will be, or how it is written."""
    if not public.strip():
        fix = 'Say what the public value will be, such as "ten dice thrown at the meeting of 5 May".'
        raise SokeError("--public is missing.", fix)
    read_form(form)


def check_new_folder(folder: Path) -> None:
    """SokeError where a draw is published already, or a file has that name."""
    if (folder / STATEMENT).exists():
        raise SokeError("A draw is published here already.", "It stands: name another folder.", str(folder))
    if folder.exists() and not folder.is_dir():
        raise SokeError("This is a file, not a folder.", "Name a folder.", str(folder))


def write_round(folder: Path, files: dict[str, bytes]) -> None:
    """The files of a draw; the statement, which vouches for the others, last."""
    for name, content in files.items():
        if name != STATEMENT:
            write_whole(folder / name, content)
    write_whole(folder / STATEMENT, files[STATEMENT])
