"""Writing a report: page, tables, workbook and run.json, which vouches for all of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from soke.errors import SokeError
from soke.files import folder_beside
from soke.report.contents import RunReport
from soke.report.own_folder import check_own, of_run
from soke.report.page import page
from soke.report.run.draws import FILE as DRAWS
from soke.report.run.draws import draws_csv
from soke.report.run.record import RUN, run_json
from soke.report.run.tables import all_tables
from soke.report.workbook import about, workbook_bytes

PAGE, BOOK = "report.html", "tables.xlsx"


@dataclass(frozen=True, slots=True)
class Written:
    """The files of a report; the page first, run.json last."""

    paths: tuple[Path, ...]

    @property
    def page(self) -> Path:
        return self.paths[0]


def write(result: RunReport, folder: Path) -> Written:
    """Write the report into ``folder``, which is made if need be. The same result gives the same bytes.

    A folder that holds another deal's run, or a file of one of these names that is no run's, is refused. Every file is
    first written whole beside its place and then moved in. run.json, which holds the hash of every
    other file, is the first to go and the last to come: files of two runs never lie beside a record that vouches for
    them. Raises SokeError where the folder cannot be written.
    """
    contents = render(result)
    taken = [name for name in contents if (folder / name).is_dir()]
    if taken:
        raise SokeError(f"There is a folder named {taken[0]} where a file of the report goes.", "Move it.", str(folder))
    check_own(folder, contents, of_run(result.deal.id))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with folder_beside(folder) as waiting:
            for name, body in contents.items():
                (waiting / name).write_bytes(body)
            (folder / RUN).unlink(missing_ok=True)
            for name in contents:
                (waiting / name).replace(folder / name)
    except OSError as error:
        reason = error.strerror or str(error)
        raise SokeError(
            f"The report cannot be written there: {reason}.", "Name a folder that you may write to.", str(folder)
        ) from error
    return Written(tuple(folder / name for name in contents))


def render(result: RunReport) -> dict[str, bytes]:
    """Every file by name, as bytes: page, CSV files, workbook, and run.json last."""
    tables = all_tables(result)
    contents = {PAGE: page(result, tables).encode()}
    contents |= {table.file: table.csv().encode() for table in tables.values()}
    contents[DRAWS] = draws_csv(result).encode()
    contents[BOOK] = workbook_bytes(result.deal.title, list(tables.values()), about(result))
    contents[RUN] = run_json(result, contents, tables)
    return contents
