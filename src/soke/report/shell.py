"""What every page stands in: one file that holds all it needs, reads without script, and fetches nothing."""

from __future__ import annotations

from importlib.resources import files

from soke.report.markup import Child, Trusted, el

POLICY = "default-src 'none'; style-src 'unsafe-inline'"  # nothing runs and nothing is fetched, whatever a file says


def document(title: str, skip: str, to: str, *main: Child, style: str = "") -> str:
    """The whole HTML text of a page. ``skip`` are the words of the link past the head, to the part with the id ``to``;
    ``style`` comes after what all pages share."""
    shared = files("soke.report").joinpath("style.css").read_text(encoding="utf-8")
    html = el(
        "html",
        el(
            "head",
            el("meta", charset="utf-8"),
            el("meta", http_equiv="Content-Security-Policy", content=POLICY),
            el("meta", name="viewport", content="width=device-width, initial-scale=1"),
            el("title", title),
            el("style", Trusted(shared + style)),
        ),
        el("body", el("a", skip, href=f"#{to}", class_="skip"), el("main", *main)),
        lang="en-GB",
    )
    return f"<!DOCTYPE html>\n{html}\n"
