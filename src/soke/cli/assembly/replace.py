"""``soke assembly replace``: people drop out; others are drawn by lot so that the panel keeps its quotas."""

from __future__ import annotations

from pathlib import Path

import typer

from soke.cli.assembly.draw import tell_published
from soke.cli.assembly.inputs import FORM, PUBLIC, SECRET, check_promise, progress, seed_of, warn_of_kinds, write_round
from soke.cli.output import say
from soke.community.assemblies.checking import ROUND_FOLDER, check_folder
from soke.community.assemblies.draw import commitment, promise
from soke.community.assemblies.draw import secret as secret_of_round
from soke.community.assemblies.making import prepare
from soke.community.assemblies.record import After
from soke.community.assemblies.replacements import put_away, vacancy
from soke.errors import SokeError

LEFT_BEFORE = "left the panel before"


def replace(
    folder: Path = typer.Argument(help="The published folder of a draw."),
    left: list[str] = typer.Option([], "--left", help="The id of somebody who left the panel. May be repeated."),
    away: list[str] = typer.Option(
        [], "--away", help="Somebody else who cannot be asked, and why: ID=reason. Published. May be repeated."
    ),
    public: str = PUBLIC,
    form: str = FORM,
    secret: Path = SECRET,
) -> None:
    """Draw people for the places of those who left, so that the panel keeps its quotas.

    The same two steps: this writes replacement-1 (then -2, ...) within the folder, with the next secret of the same
    chain. Publish it, then draw with `soke assembly draw --reveal`.

    Exit status 0 when done, 2 when the quotas can no longer be kept (with the smallest change).

    Example: soke assembly replace draw --left 17 --left 45 --secret s.txt --public "ten dice" --form "10 digits 1-6"
    """
    check_promise(public, form)
    rounds = check_folder(folder)
    if wrong := [what for one in rounds for what in one.wrong]:
        raise SokeError(f"The draw does not verify: {wrong[0]}", "Restore the folder first.", str(folder))
    first, last = rounds[0], rounds[-1]
    if last.drawn is None or first.pool is None:
        raise SokeError("The draw before is not finished.", "Draw it with --reveal first.", str(last.folder))
    gone = [one for each in rounds for one in (each.statement.after.left if each.statement.after else ())]
    chosen = _reasons(away, first.pool.ids)
    cannot = dict.fromkeys(gone, LEFT_BEFORE) | {one: why for one, why in chosen.items() if one not in gone}
    said = first.statement
    places = vacancy(first.pool, first.quotas, last.panel, left, cannot, said.per_household)
    everybody = vacancy(first.pool, first.quotas, last.panel, left, gone, said.per_household).pool.ids
    chosen = {one: chosen[one] for one in everybody if one in chosen}
    seed = seed_of(secret, folder)
    if commitment(secret_of_round(seed, len(rounds))) != last.drawn.secret:
        raise SokeError("This is not the secret of the draw before.", "Name the file made with it.", str(secret))
    after = After(last.drawn.hash, tuple(one for one in last.panel if one not in left), tuple(left), cannot)
    warn_of_kinds(places.pool, places.quotas, places.size, said.per_household)
    with progress() as tell:
        files = prepare(
            places.pool, places.quotas, places.size, aim=said.aim, panels=0, per_household=said.per_household,
            seed=seed, value=public, form=form, rehearsal=said.rehearsal, turn=len(rounds), after=after,
            taken=places.taken, tell=tell,
        )  # fmt: skip
    target = folder / ROUND_FOLDER.format(len(rounds))
    write_round(target, files)
    stay = len(after.kept)
    say(f"{stay} stay; {places.size} place{'' if places.size == 1 else 's'} to fill from {len(places.pool)} people.")
    if chosen:
        say(put_away(chosen, len(everybody)))
    tell_published(target)


def _reasons(away: list[str], known: tuple[str, ...]) -> dict[str, str]:
    """The reason for each id. SokeError where one is unknown, or has no reason."""
    found: dict[str, str] = {}
    for text in away:
        ids = [one for one in known if text == one or text.startswith(f"{one}=")]
        if not ids:
            raise SokeError(f'"{text[:60]}" names nobody in the pool.', 'Write --away "ID=reason".')
        one = max(ids, key=len)
        reason = promise(text[len(one) + 1 :])
        if not reason:
            raise SokeError(f"Why can {one} not be asked?", f'Write --away "{one}=reason": it is published.')
        found[one] = reason
    return found
