"""The peer of bench/community_budgets.py: equal shares with add1 by pabutools (GPL-3.0), in a Python of its own.

Run by its Python: PEER_PYTHON bench/community_budgets_peer.py FILE INCREMENT. It counts as the snippet on
equalshares.net does, on the grouped profile and with the library's own increments, which stop at the first exhaustive
outcome: the fastest way that it has. INCREMENT 0 counts without any. It prints one JSON object: the version, CPU
seconds of reading and of counting, and the ids of the winners.
"""

from __future__ import annotations

import json
import sys
import time
from importlib.metadata import version

from pabutools.election import Cost_Sat, parse_pabulib
from pabutools.rules import method_of_equal_shares


def main() -> None:
    file, increment = sys.argv[1], int(sys.argv[2])
    started = time.process_time()
    instance, profile = parse_pabulib(file)
    read = time.process_time() - started
    started = time.process_time()
    winners = method_of_equal_shares(
        instance, profile.as_multiprofile(), sat_class=Cost_Sat, voter_budget_increment=increment or None
    )
    counted = time.process_time() - started
    told = {"version": version("pabutools"), "read": read, "count": counted, "winners": [one.name for one in winners]}
    print(json.dumps(told))


if __name__ == "__main__":
    main()
