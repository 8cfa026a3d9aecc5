"""The aims that a lottery may have, by name: whose chances it raises, and how far."""

from __future__ import annotations

from collections.abc import Mapping

from soke.community.assemblies.leximin import leximin
from soke.community.assemblies.lottery import Aim
from soke.community.assemblies.maximin import maximin

AIMS: Mapping[str, Aim] = {"leximin": leximin, "maximin": maximin}
