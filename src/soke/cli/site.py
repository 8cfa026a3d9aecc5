"""``soke site``: the public site, built from what is there, and looked at before it is put up."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import typer

from soke.cli.output import progress_bar, tell
from soke.deal.words import day_asked
from soke.errors import SokeError
from soke.site.build import build as write_site
from soke.site.contents import Asked
from soke.site.gather import gather
from soke.site.preview import serve
from soke.text import counted


def build(
    out: Path = typer.Option(Path("out/site"), help="The folder of the site; one that an earlier site filled."),
    deals: Path | None = typer.Option(None, help="Folder of deal files."),
    runs: Path | None = typer.Option(None, help="Folder of results of soke run, each in a folder of its own."),
    registers: Path | None = typer.Option(None, help="Folder of published registers, each in a folder of its own."),
    communities: Path | None = typer.Option(None, help="Folder of results of rounds, panels and assets."),
    handbook: Path | None = typer.Option(None, help="The handbook as ./do docs built it, to be copied beside."),
    base_path: str = typer.Option("/", help="Where the site will stand, for its feeds: a path, or a whole address."),
    contact: str = typer.Option("", help="Whom readers write to: an e-mail address, or an https address of a page."),
    workers: int = typer.Option(0, min=0, max=64, help="Processes; 0: one for each core."),
    today: str = typer.Option("", help="The day as of which it is read, as 2026-04-01; else today."),
) -> None:
    """Build the public site: a page for every place in England, deals, registers and decisions that are there.

    It works from a folder and under any address, asks nothing of any other site, and needs no script.

    Example: soke site build --out out/site --deals deals
    """
    day = day_asked(today, dt.date.today())
    asked = Asked(deals=deals, runs=runs, registers=registers, communities=communities, handbook=handbook, today=day,
                  base=base_path, contact=contact)  # fmt: skip
    site = gather(asked)
    with progress_bar(False, "Pages") as bar:
        line = bar.add_task("pages", total=None)
        made = write_site(site, out, workers, lambda done, all_: bar.update(line, completed=done, total=all_))
    for trouble in site.troubles:
        tell(f"Shown as it is: {trouble.where}: {trouble.why}")
    kept = f", {made.kept:,} of them unchanged" if made.kept else ""
    tell(
        f"Wrote {counted(made.pages, 'page')}{kept}, {made.size / 1e6:.1f} MB. Open {out / 'index.html'} in a browser."
    )


def preview(
    folder: Path = typer.Argument(help="The folder of a site."),
    port: int = typer.Option(8000, min=1, max=65535, help="The port on this machine."),
) -> None:
    """Show a site in a browser of this machine, as a web server would: nobody else can reach it.

    Example: soke site preview out/site
    """
    if not (folder / "index.html").is_file():
        raise SokeError(f"{folder} holds no site.", "Build one: soke site build --out FOLDER.")
    serve(folder, port, lambda address: tell(f"Open {address} in a browser. Ctrl-C ends it."))
