"""A notebook that attacks whoever runs it again to see whether it gives the same results."""

import json
import shutil
import tempfile
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tre.attack.attack import Attack, Attacker, CannotAttackError, Holder, Seen, held, is_open
from tre.attack.families import Family
from tre.hub.sealed_run import NotebookFailedError, run_notebook
from tre.hub.session_file import read_session

if TYPE_CHECKING:
    from tre.attack.target import Target

_attack = partial(Attack, family=Family.HOSTILE_FILES, attacker=Attacker.FILE, holder=Holder.KERNEL)

_CODE = """
import errno, json, os, socket, uuid
from pathlib import Path
told = {}
with socket.socket() as trial:
    trial.settimeout(2)
    told["network"] = errno.errorcode.get(trial.connect_ex(("127.0.0.1", PORT)), "connected")
told["home"] = os.path.lexists(HOME)
letter = Path("/outbox") / uuid.uuid4().hex
letter.mkdir()
(letter / "request.json").write_text('{"version": 1, "kind": "requests"}')
told["letter"] = letter.name
Path("/workspace/attack-mark").touch()
try:
    Path("/data/attack-mark").touch()
    told["data"] = "written"
except OSError as error:
    told["data"] = errno.errorcode[error.errno]
print(json.dumps(told))
"""


def run_again(target: "Target") -> dict[str, Any]:
    """Run a hostile notebook as a checker's run does, on a copy of the workspace."""
    finn, home = target.finn, target.config.home
    settings = home / "sessions" / f"{finn.person}--{finn.project}" / "settings"
    spec = read_session(settings / "session.json").spec
    source = _CODE.replace("PORT", str(target.baits.port)).replace("HOME", repr(str(home)))
    cell = {
        "cell_type": "code",
        "metadata": {},
        "source": source,
        "execution_count": None,
        "outputs": [],
    }
    notebook = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    with tempfile.TemporaryDirectory(prefix="tre-attack-") as folder:
        copy = Path(folder) / "workspace"
        copy.mkdir()
        try:
            ran = run_notebook(
                replace(spec, workspace=copy), json.dumps(notebook).encode(), cell_seconds=60
            )
        except NotebookFailedError as error:
            message = f"the notebook did not run: {error}"
            raise CannotAttackError(message) from error
        marked = (copy / "attack-mark").exists()
        shutil.rmtree(copy, ignore_errors=True)
    outputs = json.loads(ran)["cells"][0]["outputs"]
    if not marked or not outputs:
        message = "the notebook's code left no trace, so it was not run"
        raise CannotAttackError(message)
    text = outputs[0]["text"]
    return json.loads(text if isinstance(text, str) else "".join(text))


def _network(target: "Target") -> Seen:
    told = target.once(run_again)
    if told["network"] != "ECONNREFUSED" or told["home"]:
        return is_open(f"network: {told['network']}; the data home is there: {told['home']}")
    return held("run again it meets the same seal: ECONNREFUSED, and no data home")


def _letter(target: "Target") -> Seen:
    told = target.once(run_again)
    folders = target.tre.folders
    finn = target.finn
    sent = folders.outbox(finn.project, finn.person) / told["letter"]
    reply = folders.replies(finn.project, finn.person) / f"{told['letter']}.json"
    if sent.exists() or reply.exists():
        return is_open("the letter of a notebook that was run again reached the service")
    return held("the letter that it wrote was put aside with the run, and nobody answered it")


def _data(target: "Target") -> Seen:
    told = target.once(run_again)
    if told["data"] == "written":
        return is_open("the notebook changed the extract that it is compared with")
    return held(f"the extract is read-only for it too: {told['data']}")


ATTACKS: tuple[Attack, ...] = (
    _attack(
        id="rerun-network",
        title="A notebook run again, for the network",
        tries="Attack the machine of the checker who runs the notebook again.",
        run=_network,
    ),
    _attack(
        id="rerun-letter",
        title="A notebook run again, for a request",
        tries="Ask for a release in the author's name whenever a checker runs the notebook.",
        run=_letter,
    ),
    _attack(
        id="rerun-data",
        title="A notebook run again, for the data",
        tries="Change the data while the notebook is compared with them.",
        run=_data,
    ),
)
