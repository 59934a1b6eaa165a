"""One request full of hostile files, sent from a session as a researcher would send it."""

import base64
import time
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tre.attack import hostile
from tre.attack.attack import CannotAttackError
from tre.attack.inside import letters
from tre.attack.judging import answered, value_of

if TYPE_CHECKING:
    from tre.attack.target import Target

SECONDS = 120
TITLE = "Made by the attack suite:"
WORDS = "<script>attack()</script> [here](javascript:attack()) <a href=javascript:attack()>here</a>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """The request as the desk sees it.

    files: what a checker is told of each, by name. letter: its number in the outbox, and what
    was asked in it, to send it again. seconds: how long the service took to check it.
    """

    number: int
    files: dict[str, dict[str, Any]]
    letter: str
    asked: dict[str, Any]
    contents: dict[str, str]
    seconds: float

    @property
    def first(self) -> int:
        """The number of one of its outputs."""
        return int(self.files["formulas.csv"]["id"])

    def page(self, name: str) -> str:
        """The address of a file's page at the desk."""
        return f"/requests/{self.number}/files/{self.files[name]['id']}"


def sent_package(target: "Target") -> Package:
    """Send it once; it is returned and withdrawn at the end."""
    kernel, _ = target.colleagues_kernel, target.cora  # both, before what is taken back by them
    _take_back_left_over(target)
    forged = value_of(kernel.call(letters.forged_table, seconds=60))
    files: list[tuple[str, str, bytes, str | None]] = [
        ("bomb.xlsx", "output", hostile.zip_bomb(), None),
        ("entities.xlsx", "output", hostile.entities_workbook(), None),
        ("entities.svg", "output", hostile.entities_picture(), None),
        ("script.svg", "output", hostile.script_picture(), None),
        ("page.html", "output", hostile.page(), None),
        ("notes.md", "output", hostile.markdown(), None),
        ("formulas.csv", "output", hostile.formulas(), None),
        ("forged.csv", "output", forged["csv"].encode(), forged["declaration"]),
        ("results.ipynb", "output", hostile.notebook(), None),
        ("code.ipynb", "code", hostile.notebook(), None),
    ]
    asked = {
        "version": 1,
        "kind": "release",
        "title": f"{TITLE} {target.name} <script>attack()</script>",
        "context": f"Made by the attack suite: nothing in it is a result. {WORDS}",
        "controls": f"None: the checkers are under attack. {WORDS}",
        "files": [
            {"name": name, "kind": kind, "declaration": declaration}
            for name, kind, _, declaration in files
        ],
    }
    contents = {
        str(number): base64.b64encode(content).decode()
        for number, (_, _, content, _) in enumerate(files)
    }
    letter = uuid.uuid4().hex
    began = time.monotonic()
    reply = value_of(
        kernel.call(letters.send, asked, contents, letter, SECONDS, seconds=SECONDS + 10)
    )
    seconds = time.monotonic() - began
    if reply["outcome"] != "done":
        message = f"the hostile package did not become a request: {reply}"
        raise CannotAttackError(message)
    number = int(reply["request"])
    target.when_closed(lambda: take_back(target, number))
    return Package(
        number=number,
        files=_as_checker(target, number),
        letter=letter,
        asked=asked,
        contents=contents,
        seconds=seconds,
    )


def _as_checker(target: "Target", number: int) -> dict[str, dict[str, Any]]:
    view = answered(target.cora.desk("GET", f"/api/v1/requests/{number}"), 200).json()
    return {file["name"]: file for group in view["groups"] for file in group["files"]}


def _take_back_left_over(target: "Target") -> None:
    """A suite that was killed left its request behind, and nobody may have two."""
    listed = answered(target.finn.desk("GET", "/api/v1/requests"), 200).json()
    for one in listed:
        if one["title"].startswith(TITLE):
            take_back(target, int(one["id"]))


def take_back(target: "Target", number: int) -> None:
    """Have a checker return the request, and its author withdraw it."""
    target.cora.desk(
        "POST",
        f"/api/v1/requests/{number}/return",
        json={"reason": "Made by the attack suite, and over."},
    )
    target.finn.desk("POST", f"/api/v1/requests/{number}/withdraw")
