"""How is it shown? One self-contained page, tables as CSV and XLSX, and a run.json that reproduces them."""

from soke.report.contents import FileUsed, RunMeta, RunReport, SourceNote
from soke.report.headline import Number, four_numbers, sentence
from soke.report.write import DRAWS, RUN, Written, write

__all__ = [
    "DRAWS", "RUN", "FileUsed", "Number", "RunMeta", "RunReport", "SourceNote", "Written", "four_numbers", "sentence",
    "write",
]  # fmt: skip
