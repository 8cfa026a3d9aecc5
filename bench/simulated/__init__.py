"""A simulated register: writers, a clock and a disk that misbehave by seed, and an auditor who trusts nobody."""
