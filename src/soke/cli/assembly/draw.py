"""``soke assembly draw``: a panel drawn by lot in two steps, so that nobody can steer it and anybody can check it."""

from __future__ import annotations

from pathlib import Path

import typer

from soke.cli.assembly.inputs import (
    FORM,
    HOUSEHOLD,
    ID,
    PER_HOUSEHOLD,
    PUBLIC,
    REHEARSAL,
    SECRET,
    check_promise,
    households,
    inputs,
    new_folder,
    new_seed,
    progress,
    publish,
    seed_of,
    warn_of_kinds,
)
from soke.cli.for_register import DEAL, FILE, PERSON, ROLE, write_commands
from soke.cli.output import CSV_OPTION, JSON_OPTION, Column, emit, say
from soke.community.assemblies.checking import folders
from soke.community.assemblies.making import prepare, reveal
from soke.community.assemblies.pool import read_quotas
from soke.community.assemblies.record import (
    DRAWN,
    PEOPLE,
    QUOTAS,
    Drawn,
    drawn_file,
    least_favoured,
    read_people,
    read_statement,
)
from soke.errors import SokeError
from soke.files import read_whole, write_whole

_LARGEST = 100_000_000


def draw(
    pool: Path = typer.Argument(None, help="CSV of those who may be drawn, a row each."),
    quotas: Path = typer.Argument(None, help="CSV of the quotas: category,feature,min,max."),
    size: int = typer.Option(0, "--size", help="How many people the panel has."),
    panels: int = typer.Option(
        0, "--panels", help="How many panels: 1,000, or more for a small chance.", show_default=False
    ),
    aim: str = typer.Option("leximin", "--aim", help="leximin, or maximin: only the smallest chance."),
    id_column: str = ID,
    household: str = HOUSEHOLD,
    per_household: int = PER_HOUSEHOLD,
    commit: Path = typer.Option(None, "--commit", help="Step 1: the folder to publish before the draw."),
    public: str = PUBLIC,
    form: str = FORM,
    secret: Path = SECRET,
    rehearsal: Path = REHEARSAL,
    opened: Path = typer.Option(None, "--reveal", help="Step 2: the folder that was published."),
    value: str = typer.Option("", "--value", help="Step 2: the public value, as it came out."),
    panel: str = typer.Option("", "--panel", help="With --commands: the id of the panel in the register."),
    community: str = typer.Option("", "--community", help="With --commands: the community of the deal."),
    commands: Path = FILE,
    deal: str = DEAL,
    role: str = ROLE,
    person: str = PERSON,
    as_json: bool = JSON_OPTION,
    as_csv: bool = CSV_OPTION,
) -> None:
    """Draw a panel by lot, in two steps.

    Step 1 (--commit) finds the fairest lottery under the quotas and writes it as panels, each as likely, with the
    commitment to a secret. Publish the folder. Step 2 (--reveal) reveals the secret; together with a public value that
    nobody knew it gives the number of the panel.

    Exit status 0 when done, 2 when no panel keeps the quotas (with the smallest change that mends them).

    Example: soke assembly draw POOL QUOTAS --size 20 --commit draw --secret s.txt --public dice --form "10 digits 1-6"

    Example: soke assembly draw --reveal draw --secret secret.txt --value "4 2 6 1 1 5 3 6 2 4"
    """
    if (commit is None) == (opened is None):
        raise SokeError("Is this the first step or the second?", "Name a folder with --commit, or with --reveal.")
    if opened is not None:
        if pool is not None:
            raise SokeError("--reveal reads its folder only.", "Leave out the pool and the quotas.")
        if rehearsal is not None:
            raise SokeError("--rehearsal-secret is for step 1.", "Name the same file with --secret.")
        body = {"panel": panel, "community": community}
        _reveal(opened, secret, value, (commands, deal, role, person, body), as_json=as_json, as_csv=as_csv)
        return
    if pool is None or quotas is None or size < 1:
        fact = "A draw needs a pool, quotas and the size of the panel."
        raise SokeError(fact, "For example: soke assembly draw POOL QUOTAS --size 20 --commit FOLDER")
    check_promise(public, form)
    if commands is not None:
        raise SokeError("Nobody is drawn in the first step.", "Ask for --commands with --reveal.")
    new_folder(commit)
    people, wanted = inputs(pool, quotas, id_column, household)
    seed = new_seed(secret, commit, rehearsal)
    at_most = households(household, per_household)
    warn_of_kinds(people, wanted, size, at_most)
    with progress() as tell:
        files = prepare(
            people, wanted, size, aim=aim, panels=panels, per_household=at_most, seed=seed, value=public, form=form,
            rehearsal=rehearsal is not None, tell=tell,
        )  # fmt: skip
    publish(commit, files, secret, seed)
    tell_published(commit)


def tell_published(folder: Path) -> None:
    """What step 1 did, and what to do next."""
    said = read_statement(folder)
    print(f"Published in {folder}: {said.panels:,} panels of {said.size} from a pool of {said.pool:,}, each as likely.")
    print(f"{least_favoured(said)} No lottery under these quotas is fairer to them.")
    print(f"SHA-256 of the statement: {said.hash}")
    if said.rehearsal:
        print("REHEARSAL: the secret may be known, so this draw binds nobody.")
    print(f"Publish the folder, then find the public value: {said.public_value} ({said.form}).")


def _reveal(
    folder: Path, secret: Path | None, value: str, record: tuple[Path | None, str, str, str, dict[str, str]], *,
    as_json: bool, as_csv: bool,
) -> None:  # fmt: skip
    """Draw the latest round of a folder that is not drawn yet."""
    latest = folders(folder)[-1]
    said = read_statement(latest)
    if (latest / DRAWN).exists():
        raise SokeError("This panel is drawn already.", "It stands: see drawn.json.", str(latest))
    seed = seed_of(secret, folder)
    drawn = reveal(latest, seed, value)
    commands, deal, role, person, named = record
    if commands is not None:
        if said.round:
            raise SokeError("A panel is recorded once; this is a replacement.", "Leave out --commands.")
        for option, text in named.items():
            if not text:
                raise SokeError(f"--{option} is missing.", "With --commands, name the panel and its community.")
        body = {**named, "people": said.size, "pool": said.pool, "draw": said.hash}
        write_commands(commands, deal, role, person, [("panel.drawn", body)])
    write_whole(latest / DRAWN, drawn_file(drawn))
    _show(latest, drawn, as_json=as_json, as_csv=as_csv)


def _show(folder: Path, drawn: Drawn, *, as_json: bool, as_csv: bool) -> None:
    quotas = read_quotas(read_whole(folder / QUOTAS, str(folder / QUOTAS), _LARGEST), str(folder / QUOTAS))
    pool = read_people(read_whole(folder / PEOPLE, str(folder / PEOPLE), _LARGEST), str(folder / PEOPLE), quotas)
    values = dict(zip(pool.ids, pool.values, strict=True))
    rows = [{"id": one, **dict(zip(pool.categories, values[one], strict=True))} for one in drawn.panel]
    columns = [Column("id", "id"), *(Column(category, category) for category in pool.categories)]
    title = f"Panel {drawn.number:03d} is drawn"
    emit(rows, columns, as_json=as_json, as_csv=as_csv, title=title, extra={"number": drawn.number})
    say(f"Wrote {folder / DRAWN}: publish it too, and the secret is no secret any more.")
