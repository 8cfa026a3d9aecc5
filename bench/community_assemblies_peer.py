"""The peer of bench/community_assemblies.py: sortition-algorithms (GPL-3.0), in a Python of its own.

Run by its Python: PEER_PYTHON bench/community_assemblies_peer.py FOLDER SIZE leximin|maximin. Its leximin needs
gurobipy, whose licence on PyPI is limited in size; its maximin runs on HiGHS. It prints one JSON object: the version,
CPU seconds of the lottery alone, and the smallest chance that it gives.
"""

from __future__ import annotations

import csv
import json
import sys
import time
from collections import Counter
from importlib.metadata import version
from pathlib import Path

from sortition_algorithms.committee_generation import find_distribution_leximin, find_distribution_maximin
from sortition_algorithms.features import read_in_features
from sortition_algorithms.people import read_in_people
from sortition_algorithms.settings import Settings


def main() -> None:
    folder, size, aim = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    with (folder / "categories.csv").open(newline="") as file:
        quotas = [
            {"feature": row["category"], "value": row["feature"], "min": row["min"], "max": row["max"]}
            for row in csv.DictReader(file)
        ]
    features = read_in_features(["feature", "value", "min", "max"], quotas, number_to_select=size)[0]
    with (folder / "respondents.csv").open(newline="") as file:
        people = [{"id": str(number), **row} for number, row in enumerate(csv.DictReader(file), start=1)]
    pool = read_in_people(list(people[0]), people, features, Settings(id_column="id", columns_to_keep=[]))[0]
    find = {"leximin": find_distribution_leximin, "maximin": find_distribution_maximin}[aim]
    started = time.process_time()
    panels, weights, _ = find(features, pool, size, [])
    spent = time.process_time() - started
    chances: Counter[str] = Counter()
    for panel, weight in zip(panels, weights, strict=True):
        for one in panel:
            chances[one] += weight
    smallest = min(chances[one["id"]] for one in people)
    print(json.dumps({"version": version("sortition-algorithms"), "cpu": spent, "smallest": smallest}))


if __name__ == "__main__":
    main()
