"""The case of an asset for the register: each step, a transfer that was promised, and one that was completed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from soke.community.assets.due import Status
from soke.errors import SokeError
from soke.register.handed_over.entries import Entry, asked_kinds, of_kinds

KINDS = ("asset.step", "transfer.promised", "transfer.completed")


def asset_entries(status: Status, kinds: Sequence[str] = ()) -> tuple[Entry, ...]:
    """What happened by the day of ``status``, of all ``kinds`` where none is named.

    SokeError where steps are asked for that no register takes: it checks them by the rules that come with Soke.
    """
    wanted, file = asked_kinds(kinds, KINDS), status.case.file
    if "asset.step" in wanted and (file.rules or file.commencement):
        why = f"rules of your own ({file.rules})" if file.rules else "rules that are not known to be in force"
        fact = f"The case goes by {why}, and a register checks each step by the law that it knows."
        raise SokeError(fact, "Hand over what it takes: --kind transfer.promised --kind transfer.completed.")
    return tuple(of_kinds(_entries(status), wanted))


def _entries(status: Status) -> Iterator[Entry]:
    """A transfer is promised where a day is known for it: ``until`` of its step, or the end of the clock it started."""
    case, promised = status.case, False
    ends = {id(run.by): run.last for run in case.walk(upto=status.on).clocks if run.clock.kind == "deadline"}
    for done in status.done:
        taken = done.taken
        body = {"asset": case.asset, "regime": case.regime.id, "step": taken.step, "on": taken.on.isoformat(),
                "title": done.title}  # fmt: skip
        more = {"said": taken.note, "body_kind": taken.kind, "members": taken.members}
        yield "asset.step", body | {name: value for name, value in more.items() if value}
        transfer = case.regime.named(taken.step).transfer
        last = taken.until or ends.get(id(taken))
        if transfer == "promised" and last and not promised:
            promised = True
            yield "transfer.promised", {"transfer": case.asset, "asset": case.file.title, "to": case.name("group"),
                                        "due": last.isoformat()}  # fmt: skip
        if transfer == "completed" and promised:
            yield "transfer.completed", {"transfer": case.asset}
