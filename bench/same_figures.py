"""Whether two runs of Soke give the same figures: each table of one folder against that of the other, by column.

    python bench/same_figures.py BEFORE AFTER      folders that `soke run` wrote; exit status 1 where a figure differs

A column may have another heading or place, and there may be more of them; its cells must be the same, byte by byte.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path


def columns(path: Path) -> list[tuple[str, tuple[str, ...]]]:
    """Heading and cells of each column of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        head, *rows = list(csv.reader(file))
    return [(head[k], tuple(row[k] for row in rows)) for k in range(len(head))]


def main(before: Path, after: Path) -> int:
    same, lost = 0, []
    for path in sorted(before.glob("*.csv")):
        left = [cells for _, cells in columns(after / path.name)] if (after / path.name).is_file() else []
        for heading, cells in columns(path):
            if cells in left:
                left.remove(cells)
                same += len(cells)
            else:
                lost.append(f"{path.name}: {heading}")
    print(f"{same:,} cells are the same.", *(f"Not found again: {column}" for column in lost), sep="\n")
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:3])))
