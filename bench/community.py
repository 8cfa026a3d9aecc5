"""How fast are the algorithms of the community room? Each figure against its bar, measured in one run.

    python bench/community.py                      exit status 1 if a bar is missed
    python bench/community.py --only budgets       or assemblies, casting
    python bench/community.py --long               with the peers that take a quarter of an hour and gigabytes

The data are the published elections and pools in the folder that SOKE_SOURCE_DIR names. Peers under the GPL run in a
process and an environment of their own (see community_budgets.py and community_assemblies.py) and are never imported;
where one cannot be installed, its row says so and is skipped.
"""

from __future__ import annotations

import argparse
import importlib
import sys

from community_table import Row, show

PARTS = ("budgets", "assemblies", "casting")


def main() -> int:
    parser = argparse.ArgumentParser(description="How fast are the algorithms of the community room?")
    parser.add_argument("--long", action="store_true", help="with the peers that take a quarter of an hour")
    parser.add_argument("--only", choices=PARTS, help="one part alone")
    asked = parser.parse_args()
    found: list[Row] = []
    for part in (asked.only,) if asked.only else PARTS:
        rows: list[Row] = importlib.import_module(f"community_{part}").rows(asked.long)
        print(f"{part}\n{show(rows)}\n", flush=True)
        found += rows
    skipped = sum(row.passed is None for row in found)
    failed = sum(row.passed is False for row in found)
    print(f"{len(found)} figures: {len(found) - skipped - failed} pass, {failed} fail, {skipped} skipped.")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
