"""Write the shipped scores of the back-test: how well the projection would have done from earlier years.

    python bench/back_test.py

Run it after a change of how places or people are drawn, and read what moved; a test compares the table with the code.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

from soke.england.baseline import baseline
from soke.model.economy import back_test

TABLE = Path(back_test.__file__).with_name(back_test.TABLE)


def main() -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(back_test.written(back_test.back_test(baseline())))
    TABLE.write_text(text.getvalue(), encoding="utf-8", newline="")


if __name__ == "__main__":
    main()
