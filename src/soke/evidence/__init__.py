"""What is known about effects? Parameters with range, grade and source; seeded paired sampling."""

from soke.evidence.parameters import Parameter, overridden, parameters, stated
from soke.evidence.sampling import Draws, sample

__all__ = ["Draws", "Parameter", "overridden", "parameters", "sample", "stated"]
