"""A command whose options are given once: a second value would silently take the place of the first."""

from __future__ import annotations

from typing import Any

from typer.core import TyperCommand

from soke.errors import SokeError


class Once(TyperCommand):
    """Options that take one value are refused where they are given twice; flags and lists may be repeated."""

    def make_parser(self, ctx: Any) -> Any:
        parser: Any = super().make_parser(ctx)
        parse = parser.parse_args

        def parsed(args: list[str]) -> Any:
            found = parse(args=args)
            options = [one for one in found[2] if getattr(one, "is_flag", True) is False and not one.multiple]
            twice = [one for one in options if options.count(one) > 1]
            if twice:
                fact = f"{twice[0].opts[0]} is given twice, and takes one value."
                raise SokeError(fact, "Leave one out: which of them would count is not for the order to say.")
            return found

        parser.parse_args = parsed
        return parser
