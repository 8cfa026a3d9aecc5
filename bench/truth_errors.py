"""Write the tested errors of every component: what keys are worth where the truth is known.

    python bench/truth_errors.py 2026-11-30        the day of the test, which the table and the pages say

Run it after a change of keys, components or own figures, and read what moved; a test compares the table with the code.
"""

from __future__ import annotations

import csv
import io
import sys
from datetime import date
from pathlib import Path

from soke.model.accounts import tested

TABLE = Path(tested.__file__).with_name("truth_errors.csv")


def main(day: date) -> None:
    before = dict(line.split(",", 1) for line in TABLE.read_text(encoding="utf-8").splitlines()[1:])
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["component", "group", "single", "how", "tested"])
    for row in tested.truth_error_rows(day.isoformat()):
        writer.writerow(row)
        if ",".join(row[1:4]) != before.get(row[0], "").rpartition(",")[0]:
            print(f"{row[0]}: {', '.join(row[1:4])} (was {before.get(row[0], 'not there')})")
    TABLE.write_text(text.getvalue(), encoding="utf-8", newline="")


if __name__ == "__main__":
    main(date.fromisoformat(sys.argv[1]))
