"""Pages of the site that lie outside ``docs/``, and links between files of the repository as links of the site.

What no reader's browser asks for is left out, as the handbook is copied into a public site with a bound on its size:
source maps, the languages of a search that is in English, a second form of its index, spaces between tags, a colour for
each word of a signature.
"""

from __future__ import annotations

import json
import posixpath
import re
import shutil
from pathlib import Path
from typing import Any

from mkdocs.exceptions import PluginError
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parents[1]
BESIDE = ("*.md", "deals/*.toml", "examples/**/*.*")  # the stories link the files that they work on
START = {"README.md": "index.md"}  # a page that lies elsewhere in the site than in the repository
KEPT = re.compile(r"(<(pre|script|style|textarea)\b.*?</\2>)", re.DOTALL)  # where a space counts
SIGNATURE = re.compile(r'(?<=<div class="doc-signature highlight">)<pre>.*?</pre>', re.DOTALL)
INDEX = "search/search_index"
ASKS = re.compile(r'location\.protocol==="file:"(?=\?\w+\(`\$\{new URL\("search/search_index\.js")')  # else for a .json
LINK = re.compile(r"(?<=\]\()(?![a-z]+:|#)([^)#\s]+)")


def on_files(files: Files, config: Any) -> Files:
    for path in sorted(path for pattern in BESIDE for path in ROOT.glob(pattern)):
        files.append(File.generated(config, _in_site(path.relative_to(ROOT).as_posix()), abs_src_path=str(path)))
    return files


def on_page_markdown(markdown: str, page: Any, config: Any, files: Files) -> str:
    here = Path(page.file.abs_src_path).relative_to(ROOT).parent.as_posix()
    site = posixpath.dirname(page.file.src_uri)

    def link(found: re.Match[str]) -> str:
        target = _in_site(posixpath.normpath(posixpath.join(here, found[1])))
        return posixpath.relpath(target, site or ".")

    return LINK.sub(link, markdown)


def _in_site(path: str) -> str:
    """Where a file of the repository, by its path from the root, lies in the site."""
    return START.get(path, path.removeprefix("docs/"))


def on_post_page(output: str, page: Any, config: Any) -> str:
    plain = SIGNATURE.sub(lambda found: re.sub(r"</?span\b[^>]*>", "", found[0]), output)
    parts = KEPT.split(plain)
    between = (re.sub(r"\s*\n\s*", "\n", part) for part in parts[::3])
    return "".join(text for pair in zip(between, [*parts[1::3], ""], strict=True) for text in pair)


@event_priority(-200)  # after the search has written its index, as .json for a server and again as .js for a folder
def on_post_build(config: Any) -> None:
    top = Path(config["site_dir"])
    for path in top.rglob("*.map"):
        path.unlink()
    shutil.rmtree(top / "assets/javascripts/lunr")
    index = json.loads((top / f"{INDEX}.json").read_text("utf-8"))
    for entry in index["docs"]:
        if entry["location"].startswith("api/"):  # found by its name and by what is said of it
            entry["text"] = re.sub(r"<pre>.*?</pre>\s*", "", entry["text"], flags=re.DOTALL)
    text = json.dumps(index, ensure_ascii=False, separators=(",", ":"))
    (top / f"{INDEX}.js").write_text(f"var __index = {text}", encoding="utf-8")
    _one_index(top)


def _one_index(top: Path) -> None:
    """The form that works from a folder works from a server too: the other is the same megabyte again."""
    (bundle,) = top.glob("assets/javascripts/bundle.*.min.js")
    text, asked = ASKS.subn("!0", bundle.read_text("utf-8"))
    if asked != 1:
        raise PluginError("The theme asks for its search index in another way: mend ASKS in docs/site_pages.py.")
    bundle.write_text(text, encoding="utf-8")
    (top / f"{INDEX}.json").unlink()
