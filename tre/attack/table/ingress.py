"""Code that is brought in: data and programs in disguise, names that climb, one's own yes."""

import base64
import json
from functools import cache, partial
from typing import TYPE_CHECKING, Any

import httpx

from tre.attack.attack import (
    Attack,
    Attacker,
    CannotAttackError,
    Holder,
    Seen,
    held,
    is_open,
    not_run,
)
from tre.attack.families import Family
from tre.attack.hostile import SCRIPTS, zip_bomb
from tre.attack.judging import answered, forbidden

if TYPE_CHECKING:
    from tre.attack.target import Target

PLAIN = "plain.py"
NUMBERS = "values = [" + ", ".join(str(row * 7919 % 10007) for row in range(6_000)) + "]\n"
NOTEBOOK = {
    "cells": [
        {
            "cell_type": "code",
            "metadata": {},
            "source": "print(1)",
            "execution_count": 1,
            "outputs": [
                {"output_type": "display_data", "metadata": {}, "data": {"text/html": SCRIPTS}}
            ],
        }
    ],
    "metadata": {},
    "nbformat": 4,
    "nbformat_minor": 4,
}

_attack = partial(Attack, family=Family.INGRESS, attacker=Attacker.FILE, holder=Holder.DESK)


@cache
def _files() -> dict[str, bytes]:
    """Everything that is offered in one request, by name; the first one is harmless."""
    return {
        PLAIN: b"# Adds two numbers.\nprint(1 + 1)\n",
        "program.py": b"\x7fELF" + b"\0" * 64,
        "archive.py": zip_bomb()[:4096],
        "people.csv": b"id,diagnosis\n" + b"".join(b"%d,F20\n" % row for row in range(400)),
        "numbers.py": NUMBERS.encode(),
        "encoded.py": b"x = '" + base64.b64encode(bytes(range(256)) * 40) + b"'\n",
        "trojan.py": "allowed = False  # \u202e } \u2066 if admin \u2069 \u2066\n".encode(),
        "../../keys/demo.py": b"print(1)\n",
        "outputs.ipynb": json.dumps(NOTEBOOK).encode(),
    }


def brought(target: "Target") -> dict[str, Any]:
    """Offer all of it once; withdrawn at the end. Gives the request as a checker sees it."""
    finn, _ = target.finn, target.cora
    answer = finn.desk(
        "POST",
        "/api/v1/ingress",
        json={
            "project": finn.project,
            "purpose": "Made by the attack suite: not to be accepted.",
            "source": "The attack suite.",
            "files": [
                {"name": name, "content_base64": base64.b64encode(content).decode()}
                for name, content in _files().items()
            ],
        },
    )
    if answer.status_code != 201:
        message = f"nothing could be offered: {answer.status_code} {answer.text[:200]}"
        raise CannotAttackError(message)
    number = answer.json()["id"]
    target.when_closed(lambda: finn.desk("POST", f"/api/v1/ingress/{number}/withdraw"))
    view = answered(target.cora.desk("GET", f"/api/v1/ingress/{number}"), 200).json()
    waiting = [one["name"] for one in view["files"] if one["state"] == "waiting"]
    if PLAIN not in waiting:
        message = "the harmless file does not wait for a checker"
        raise CannotAttackError(message)
    return view


def _file(target: "Target", name: str) -> dict[str, Any]:
    names = list(_files())
    return target.once(brought)["files"][names.index(name)]


def _blocked(name: str) -> Any:
    """Held where the scan blocks the file, so that no checker can accept it."""

    def run(target: "Target") -> Seen:
        file = _file(target, name)
        rules = ", ".join(sorted({one["rule"] for one in file["findings"]}))
        if file["state"] == "waiting":
            return is_open(f"it waits like a harmless file, with findings {rules or 'none'}")
        return held(f"{file['state']}: {rules}") if rules else not_run("it has no finding")

    return run


def _stripped(target: "Target") -> Seen:
    file = _file(target, "outputs.ipynb")
    if file["state"] == "blocked":
        return held("blocked, outputs and all")
    number = target.once(brought)["id"]
    answer = answered(target.cora.desk("GET", f"/api/v1/ingress/{number}/files/{file['id']}"), 200)
    content = base64.b64decode(answer.json()["content_base64"])
    if b"print(1)" not in content:
        return not_run("the notebook's code is not in what would come in")
    if b"attack()" in content:
        return is_open("the notebook would come in with its outputs")
    return held(f"taken out on the way: {', '.join(file['removed'])}")


def _not_there_yet(target: "Target") -> Seen:
    _ = target.once(brought)
    workspace = target.tre.folders.workspace(target.finn.project)
    found = [path.name for path in workspace.rglob("*") if path.name in _files()]
    if found:
        return is_open(f"{found[0]} is in the workspace before anybody accepted it")
    return held("none of it is in the workspace before a checker accepts it")


def _own(target: "Target") -> httpx.Response:
    """Control: who brought it sees it."""
    return target.finn.desk("GET", f"/api/v1/ingress/{target.once(brought)['id']}")


def _asked(who: str, method: str, path: str, *statuses: int) -> Any:
    def ask(target: "Target") -> httpx.Response:
        visitor = {"finn": target.finn, "cora": target.cora}.get(who) or target.ada_at_desk
        number = target.once(brought)["id"]
        blocked = _file(target, "program.py")["id"]
        only = {"files": [blocked]} if "{only}" in path else None
        where = f"/api/v1/ingress/{number}{path.replace('{only}', '')}"
        return visitor.desk(method, where, json=only)

    return forbidden(ask, *statuses, control=_own)


ATTACKS: tuple[Attack, ...] = (
    _attack(
        id="ingress-program",
        title="A program called a script",
        tries="Bring in a compiled program under the name of a Python file.",
        run=_blocked("program.py"),
    ),
    _attack(
        id="ingress-archive",
        title="An archive called a script",
        tries="Bring in an archive under the name of a Python file, which Python would run.",
        run=_blocked("archive.py"),
    ),
    _attack(
        id="ingress-data",
        title="A table",
        tries="Bring in a table of people, to link with what is there.",
        run=_blocked("people.csv"),
    ),
    _attack(
        id="ingress-numbers",
        title="A table written as code",
        tries="Bring in thousands of values as a list in a script.",
        run=_blocked("numbers.py"),
    ),
    _attack(
        id="ingress-encoded",
        title="Bytes written as text",
        tries="Bring in a file in base64 inside a script.",
        run=_blocked("encoded.py"),
    ),
    _attack(
        id="ingress-trojan",
        title="Code that reads otherwise than it runs",
        tries="Hide code from the checker by characters that reverse the text (Trojan Source).",
        run=_blocked("trojan.py"),
    ),
    _attack(
        id="ingress-path",
        title="A name that climbs",
        tries="Bring in a file called ../../keys/demo.py.",
        run=_blocked("../../keys/demo.py"),
    ),
    _attack(
        id="ingress-outputs",
        title="A notebook's outputs",
        tries="Bring in data and scripts in the outputs of a notebook.",
        run=_stripped,
    ),
    _attack(
        id="ingress-early",
        title="Before anybody said yes",
        tries="Use what is brought in before a checker has looked at it.",
        attacker=Attacker.BROWSER,
        run=_not_there_yet,
    ),
    _attack(
        id="ingress-own-yes",
        title="One's own yes",
        tries="Accept what one has brought in oneself.",
        attacker=Attacker.BROWSER,
        run=_asked("finn", "POST", "/accept", 403),
    ),
    _attack(
        id="ingress-blocked-yes",
        title="A yes to what is blocked",
        tries="Have a checker accept a file that the scan has blocked.",
        attacker=Attacker.COLLEAGUE,
        run=_asked("cora", "POST", "/accept{only}", 403, 409, 422),
    ),
    _attack(
        id="ingress-others",
        title="What another project brings in",
        tries="Read what comes into a project of which one is no member.",
        attacker=Attacker.BROWSER,
        run=_asked("ada", "GET", "", 403, 404),
    ),
)
