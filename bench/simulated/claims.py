"""What was sent to the register, what its senders were told, and whether the register bears them out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from simulated.audit import Broken, hold
from soke.errors import SokeError
from soke.register.book import Command
from soke.register.kinds import REGISTER, tags_of
from soke.register.meaning import apply
from soke.register.persons import alike
from soke.register.state import DealState


@dataclass(slots=True)
class Sent:
    """A command, and what its senders know of it: the number of its entry, or that it may have been written.

    ``never`` says why it must be refused; empty where it need not be.
    """

    command: Command
    key: str
    never: str = ""
    maybe: bool = False
    seq: int | None = None


class Claims:
    """Each command by its key; ``states``: what the entries add up to, read one by one as anybody would."""

    def __init__(self, deals: Iterable[str], tally: Counter[str]) -> None:
        self.sent: dict[str, Sent] = {}
        self.written: dict[str, int] = {}  # the key of a command -> the number of its entry
        self.entries: list[dict[str, Any]] = []
        self.states = {name: DealState(name, earlier=self.entries.__getitem__) for name in deals}
        self.tally = tally

    def follow(self, entries: list[dict[str, Any]]) -> None:
        """Read entries by the rules."""
        for entry in entries:
            self.entries.append(entry)
            for name, state in self.states.items():
                if entry["deal"] in (name, REGISTER):
                    try:
                        apply(state, entry)
                    except SokeError as error:
                        raise Broken(f"entry {entry['seq']} breaks a rule when it is read: {error.fact}") from None
        for state in self.states.values():
            for fault in state.ledger.faults():
                raise Broken(fault)

    def compare(self, entries: list[dict[str, Any]]) -> None:
        """New entries were asked for; and what was acknowledged is there."""
        for entry in entries:
            self._known(entry)
        self.follow(entries)
        for sent in self.sent.values():
            there = sent.seq is None or self.written.get(sent.key) == sent.seq
            hold(there, f"the command {sent.key} was acknowledged as entry {sent.seq}, which the register has not")

    def _known(self, entry: dict[str, Any]) -> None:
        """The entry is a command that was sent, as it was sent, once."""
        seq, body = entry["seq"], entry["body"]
        names = [tag.removeprefix("command:") for tag in entry["tags"] if tag.startswith("command:")]
        key = names[0] if names else str(body.get("note", "")).removeprefix("Reference ")
        sent = self.sent.get(key)
        if sent is None:
            raise Broken(f"entry {seq} was asked for by nobody")
        hold(key not in self.written, f"the command {key} was written twice, as {self.written.get(key)} and {seq}")
        hold(sent.maybe or sent.seq == seq, f"entry {seq} was written, and its sender was told that it was not")
        hold(not sent.never, f"entry {seq} was written with {sent.never}")
        command = sent.command
        hold(_says(entry, command), f"entry {seq} says something else than the command {key}")
        tags = tags_of(entry["deal"], entry["kind"], body) | {f"command:{name}" for name in names}
        hold(entry["tags"] == sorted(tags), f"entry {seq}: its tags do not fit")
        self.written[key] = seq
        self.tally[f"kind {entry['kind']}"] += 1


def _says(entry: dict[str, Any], command: Command) -> bool:
    """Whether an entry says what the command said. Persons are written as they were appointed."""
    by, said = entry["by"], {name: value for name, value in entry["body"].items() if name in command.body}
    wanted = dict(command.body)
    if command.kind == "person.removed" and alike(str(said.get("name")), str(wanted["name"])):
        wanted["name"] = said["name"]
    return (entry["deal"], entry["kind"], by["role"], said) == (command.deal, command.kind, command.role, wanted) and (
        alike(by["person"], command.person)
    )
