"""The keys that sign for the register, and the witnesses that sign what they saw of it."""

from __future__ import annotations

from soke.register.kinds.row import AT_ANY_TIME, NOT_ENDED, kind

ROWS = (
    kind("key.named", "the registrar", AT_ANY_TIME, "The register, which named no key so far, has this one: {key}",
          key="key", proof="signature"),
    kind("key.rotated", "the registrar", AT_ANY_TIME,
          "From here on another key signs for the register, as the one before it signed: {key}", key="key",
          signature="signature", proof="signature"),
    kind("deal.key-lost", "both sides, and a witness", NOT_ENDED,
          "{party} agreed that the key of the register is lost, and that another takes its place: {reason}",
          key="key", reason="text", more={"key": "The new key: {key}"}),
    kind("key.reanchored", "the registrar", AT_ANY_TIME,
          "The key of the register was lost. On the word of both sides and a witness another takes its place: "
          "{reason}", key="key", proof="signature", reason="text", more={"key": "The new key: {key}"}),
    kind("witness.named", "the registrar", AT_ANY_TIME,
          "What is published of the register needs {need} of these witnesses: {witnesses}", witnesses="witnesses",
          need="count"),
)  # fmt: skip
