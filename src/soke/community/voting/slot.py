"""A slot: the room of one ballot in the box, of the same size for every ballot of a round.

The box makes a slot for each code before anyone votes, and a ballot overwrites one in place. A ballot of another length
would move others about, and where things lie in the file would tell in which order they came.

Bytes of a slot: how many projects (2), their numbers on the paper (2 each), padding, their points (4 each) where the
paper asks for points, padding, each answer with its length (1) in a room of 60, and, where projects are of districts,
the number of the code's district on the paper, counted from 1 (2).
"""

from __future__ import annotations

import struct

from soke.community.voting.paper import LONGEST_ANSWER, Ballot, Paper


def size(paper: Paper) -> int:
    """Bytes of a slot."""
    return 2 + paper.most * (6 if paper.pointed else 2) + len(paper.asked) * (LONGEST_ANSWER + 1) + _room(paper)


def _room(paper: Paper) -> int:
    """Bytes for the district of a ballot."""
    return 2 if paper.districts else 0


def pack(ballot: Ballot, paper: Paper) -> bytes:
    index = paper.election.index
    numbers = [index[one] for one in ballot.chosen]
    parts = [struct.pack(f">H{len(numbers)}H", len(numbers), *numbers).ljust(2 + 2 * paper.most, b"\0")]
    if paper.pointed:
        parts.append(struct.pack(f">{len(numbers)}I", *ballot.points).ljust(4 * paper.most, b"\0"))
    for answer in ballot.about:
        said = answer.encode()
        parts.append(bytes([len(said)]) + said.ljust(LONGEST_ANSWER, b"\0"))
    if paper.districts:
        parts.append(struct.pack(">H", ("", *paper.districts).index(ballot.district)))
    return b"".join(parts)


def unpack(content: bytes, paper: Paper) -> Ballot:
    """The ballot in a slot. Raises ValueError where it holds none."""
    try:
        (count,) = struct.unpack_from(">H", content)
        if count > paper.most or len(content) != size(paper):
            raise ValueError("not a slot of this paper")
        projects = paper.election.projects
        chosen = tuple(projects[number].id for number in struct.unpack_from(f">{count}H", content, 2))
        at = 2 + 2 * paper.most
        points = struct.unpack_from(f">{count}I", content, at) if paper.pointed else ()
        at += 4 * paper.most if paper.pointed else 0
        step = LONGEST_ANSWER + 1
        end = len(content) - _room(paper)
        answers = (content[start + 1 : start + 1 + content[start]] for start in range(at, end, step))
        number = int.from_bytes(content[end:])
        return Ballot(chosen, points, tuple(answer.decode() for answer in answers), ("", *paper.districts)[number])
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise ValueError(str(error)) from None
