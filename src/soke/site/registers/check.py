"""How anyone checks a register on a machine of their own, step by step, and the files for it beside the page.

The files are those that were verified, byte for byte. The program is that of this version of Soke, whatever lay in the
folder; pages that lay in it stay there, for nobody signs them.
"""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Iterator
from functools import partial

from soke.register.publication import CHECKPOINT, HASHES, KEY, LOG, PROGRAM
from soke.register.published import File, Published, own_program, program_text
from soke.report.markup import Child, Element, el
from soke.report.register_parts import Vouched, command, plain, verified, whose_copy
from soke.site.contents import Page, Site
from soke.site.registers.shared import CHECK, FILES, page_in, path_of, published, stamp, vouched_of
from soke.text import counted

DAY = (1980, 1, 1, 0, 0, 0)  # in a zip: the same files, the same bytes
EARLIER_SHOWN = 20
FROZEN = 0o644 << 16
WHAT = {
    PROGRAM: "the program that checks the others", LOG: "the register, one entry a line",
    CHECKPOINT: "what its keeper signed: how many entries, and their hash", KEY: "the public key of the register",
    HASHES: "the hash of each entry: they tell which one was changed",
}  # fmt: skip
SYSTEMS = (  # Python unpacks alike everywhere; Windows by itself would put a folder into a folder of the same name
    ("Windows", "In PowerShell. Python comes from the Microsoft Store or from python.org.", "py",
     "cd $HOME\\Downloads", "py -m pip install cryptography"),
    ("Mac", "In Terminal. Python comes from python.org. Safari may have unpacked the file: then leave out the second "
     "line.", "python3", "cd ~/Downloads", "python3 -m pip install cryptography"),
    ("Linux", "In a terminal. Most systems have Python. On Fedora the fourth line begins with sudo dnf.", "python3",
     "cd ~/Downloads", "sudo apt install python3-cryptography"),
)  # fmt: skip
SUMS = (("Windows", "Get-FileHash {name}"), ("Mac", "shasum -a 256 {name}"), ("Linux", "sha256sum {name}"))


def pages(site: Site, slug: str, register: Published) -> Iterator[Page]:
    """The page, each file that was verified, and all of them in one."""
    needs = stamp(site, slug)
    yield Page(path_of(slug, CHECK), partial(_check, slug=slug), needs)
    yield Page(path_of(slug, f"{FILES}{PROGRAM}"), _program)
    for file in register.files:
        yield Page(path_of(slug, f"{FILES}{file.name}"), partial(_file, slug=slug, file=file), (file,))
    yield Page(path_of(slug, f"{slug}.zip"), partial(_zip, slug=slug), needs, slow=True)


def _program(site: Site) -> bytes:
    return program_text()


def _file(site: Site, slug: str, file: File) -> bytes:
    return file.read(published(site, slug).folder)


def _zip(site: Site, slug: str) -> bytes:
    """All files in a folder of the name of the register."""
    register, made = published(site, slug), io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in ((PROGRAM, program_text()), *((f.name, f.read(register.folder)) for f in register.files)):
            entry = zipfile.ZipInfo(f"{slug}/{name}", DAY)
            entry.external_attr, entry.compress_type = FROZEN, zipfile.ZIP_DEFLATED
            packed.writestr(entry, content)
    return made.getvalue()


# --- the page ---


def _check(site: Site, slug: str) -> str:
    register = published(site, slug)
    vouched = vouched_of(register)
    asked = vouched.check.removeprefix("python3 ")
    entries = "the one entry" if register.entries == 1 else f"all {counted(register.entries, 'entry', 'entries')}"
    steps = (
        ("files", "Take the files", _files(slug, register)),
        ("run", "Run the check", [*_systems(slug, asked), _python()]),
        ("printed", "Read what it prints", _printed(register)),
        ("compare", "Compare with a copy that others keep", _compare(register, vouched)),
    )
    return page_in(
        site, slug, CHECK, "Check it yourself",
        el("div", el("h1", f"You need not trust this site: check {entries} on your own machine"),
           el("p", "It takes about ten minutes, once. The check itself needs no network.", class_="lead"),
           verified(vouched, to=""), class_="first"),
        *(_step(number, *step) for number, step in enumerate(steps, 1)),
        _section("not", "What a check cannot show", _cannot()), vouched=vouched,
        skip=("Skip to the first step", "files"),
    )  # fmt: skip


def _step(number: int, id_: str, title: str, parts: list[Child]) -> Element:
    return _section(id_, f"{number}. {title}", parts)


def _section(id_: str, title: str, parts: list[Child]) -> Element:
    return el("section", el("h2", title, id=id_), *parts, class_="block", aria_labelledby=id_)


def _files(slug: str, register: Published) -> list[Child]:
    packed = el("a", f"{slug}.zip", href=f"{slug}.zip", download=f"{slug}.zip")
    own = own_program()
    by_name = {file.name: file for file in (own, *register.files)}
    items = (_one(by_name[name], what) for name, what in WHAT.items())
    return [
        el("p", "All in one: ", packed, ". Save it in your folder of downloads. The second line below unpacks it."),
        el("p", "Or one by one, into a folder ", el("code", slug), " there. Then leave out that line. If your browser "
                "adds .txt to a name, take it off."),
        el("ul", *items, class_="prom taken"),
        el("details", el("summary", "Did they come unchanged? Compare the SHA-256"),
           *(el("p", f"{system}: ", el("code", said.format(name=LOG))) for system, said in SUMS)),
    ]  # fmt: skip


def _one(file: File, what: str) -> Element:
    link = el("a", file.name, href=f"{FILES}{file.name}", download=file.name)
    digest = el("small", "SHA-256 ", el("code", file.sha256))
    return el("li", el("span", link, class_="sign"), el("span", f"{what}, {file.size:,} bytes", digest))


def _systems(slug: str, asked: str) -> Iterator[Child]:
    columns = []
    for system, where, python, downloads, package in SYSTEMS:
        lines = (downloads, f"{python} -m zipfile -e {slug}.zip .", f"cd {slug}", package, f"{python} {asked}")
        columns.append(el("div", el("h3", system), el("p", where, class_="small"),
                          command("\n".join(lines), f"What to type on {system}")))  # fmt: skip
    yield el("div", *columns, class_="systems")


def _python() -> Element:
    return el("p", "The fourth line fetches the package that reads signatures. Without it the hashes are still "
                   "checked, and the last line says that the signature was not.", class_="small")  # fmt: skip


def _printed(register: Published) -> list[Child]:
    return [
        el("p", "Exactly this must be printed:"),
        el("pre", "\n".join(register.printed), tabindex="0", aria_label="What must be printed"),
        el("ul",
           el("li", el("b", "NOT VERIFIED"), ": the files are not those that were published. Take them again, once. "
                    "If it says so again, tell whoever keeps the register, and keep your copy."),
           el("li", el("b", "Cannot be read"), ": a file is missing, or was changed on its way to you."), class_="how"),
        el("p", "Try it: change one letter of a name in ", el("code", LOG), " and run the check again. It must say NOT "
                "VERIFIED, and which entry."),
    ]  # fmt: skip


def _compare(register: Published, vouched: Vouched) -> list[Child]:
    root = base64.b64encode(register.root).decode()
    return [
        el("p", "The check shows that these files belong together. Only a copy kept elsewhere shows that all was not "
                "rewritten. Ask somebody who keeps one."),
        el("p", "The third line of ", el("code", CHECKPOINT), " must be:"),
        el("pre", root, tabindex="0", aria_label="The hash of all entries"),
        el("p", "The line in ", el("code", KEY), " must be:"),
        el("pre", plain(register.key), tabindex="0", aria_label="The public key"),
        el("p", whose_copy(register.cosigned)),
        *_earlier(register, vouched),
    ]  # fmt: skip


def _earlier(register: Published, vouched: Vouched) -> Iterator[Child]:
    """Older checkpoints: who kept one sees whether the log goes on from it."""
    if not register.earlier:
        yield el("p", "This is the first checkpoint in the folder. Keep it: later it shows that nothing was rewritten.")
        return
    yield el("p", "You kept an older checkpoint? Name it in the place of ", el("code", CHECKPOINT), ". Then the check "
                  "shows that the log goes on from it. Here are those that were published:")  # fmt: skip
    newest = register.earlier[::-1][:EARLIER_SHOWN]
    items = (el("li", el("a", f"{CHECKPOINT}-{size}", href=f"{FILES}{CHECKPOINT}-{size}",
                         download=f"{CHECKPOINT}-{size}"), f" of {counted(size, 'entry', 'entries')}")
             for size in newest)  # fmt: skip
    yield el("ul", *items)
    if len(newest) < len(register.earlier):
        yield el("p", f"And {len(register.earlier) - len(newest):,} older ones, all in the packed file.")
    asked = vouched.check.replace(f"--checkpoint {CHECKPOINT}", f"--checkpoint {CHECKPOINT}-{newest[0]}")
    asked = asked.removesuffix(f" --hashes {HASHES}")
    yield command(asked, "The check against an older checkpoint")


def _cannot() -> list[Child]:
    return [
        el("ul",
           el("li", "Whether what was recorded is true. Others can dispute it, in a further entry."),
           el("li", "What was never recorded."),
           el("li", "Whether a page of this site says what the files say. Nobody signs a page: if the two differ, "
                    "trust the files."), class_="how"),
    ]  # fmt: skip
