"""Letters in an outbox: forged, replayed, linked, too large, and changed while they are read."""

import base64
from functools import partial
from typing import TYPE_CHECKING, Any

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
from tre.attack.inside import letters
from tre.attack.judging import answered, value_of
from tre.attack.package import sent_package

if TYPE_CHECKING:
    from tre.attack.target import Target

CSV = base64.b64encode(b"group,people\nA,120\nB,340\n").decode()
ASKED = {"version": 1, "kind": "requests"}
RACES = 3

_attack = partial(Attack, family=Family.LETTERS, attacker=Attacker.CODE, holder=Holder.DESK)


def release(**changed: Any) -> dict[str, Any]:
    """A letter that asks for a release; it has no title, so that none is begun by mistake."""
    file = {"name": "table.csv", "kind": "output", "declaration": None}
    return {
        "version": 1,
        "kind": "release",
        "title": "",
        "context": "",
        "controls": "",
        "files": [file],
    } | changed


def _answers(target: "Target") -> None:
    """Control: an ordinary letter is answered."""
    told = value_of(target.colleagues_kernel.call(letters.send, ASKED, seconds=60))
    if told["outcome"] != "done":
        message = f"an ordinary letter was answered with {told}"
        raise CannotAttackError(message)


def judge_reply(told: dict[str, Any], *words: str) -> Seen:
    """Held where the service says no, in words that fit the attack."""
    said = " ".join(str(reason) for reason in told.get("reasons", ()))
    if told["outcome"] == "done":
        return is_open(f"the service did it: {told}"[:300])
    if told["outcome"] not in ("unusable", "refused"):
        return not_run(f"{told['outcome']}: {said}")
    if words and not any(word in said.lower() for word in words):
        return not_run(f"refused for another reason: {said}")
    return held(f"{told['outcome']}: {said}"[:300])


def _written(request: Any, *words: str) -> Any:
    """Held where a letter of this content is not understood."""

    def run(target: "Target") -> Seen:
        target.once(_answers)
        wanted = request() if callable(request) else request
        told = target.colleagues_kernel.call(letters.send, wanted, {"0": CSV}, seconds=60)
        return judge_reply(value_of(told), *words)

    return run


def _odd(odd: str, *words: str) -> Any:
    """Held where a letter of this shape is refused, and the courier goes on."""

    def run(target: "Target") -> Seen:
        target.once(_answers)
        kernel = target.colleagues_kernel
        told = value_of(kernel.call(letters.send_odd, odd, release(), seconds=60))
        seen = judge_reply(told, *words)
        _answers(target)
        return seen

    return run


def _raced(target: "Target") -> Seen:
    target.once(_answers)
    said = []
    for _ in range(RACES):
        told = value_of(target.colleagues_kernel.call(letters.send_racing, release(), seconds=60))
        said += told.get("reasons", ())
        if told["outcome"] == "done" or any("not a regular file" in one for one in said):
            return is_open(f"the link was followed: {said}")
    return held(f"{RACES} letters: {'; '.join(sorted(set(said)))}"[:300])


def _replayed(target: "Target") -> Seen:
    """The hostile package once more, under its own number: no second request may come of it."""
    package = target.once(sent_package)
    told = value_of(
        target.colleagues_kernel.call(
            letters.send, package.asked, package.contents, package.letter, seconds=90
        )
    )
    listed = answered(target.finn.desk("GET", "/api/v1/requests"), 200).json()
    same = [one for one in listed if one["title"] == package.asked["title"]]
    if len(same) != 1:
        return is_open(f"{len(same)} requests came of one letter")
    return judge_reply(told)


def _strange(target: "Target") -> Seen:
    target.once(_answers)
    kernel = target.colleagues_kernel
    if not value_of(kernel.call(letters.leave_strange, f"{'a' * 31}z", seconds=40)):
        return is_open("what is no letter stays in the outbox")
    return held("it was cleared away unread, and the courier goes on")


def _forged_reply(target: "Target") -> Seen:
    target.once(_answers)
    report = target.colleagues_kernel.call(letters.forge_reply)
    if report.errno == "EROFS":
        return held(f"refused with {report}")
    return is_open(str(report)) if report.succeeded else not_run(str(report))


def _nested() -> str:
    return '{"version": 1, "kind": ' + "[" * 100_000 + "]" * 100_000 + "}"


def _named(name: str) -> dict[str, Any]:
    return release(files=[{"name": name, "kind": "output", "declaration": None}])


def _with_file_field(**more: Any) -> dict[str, Any]:
    file = {"name": "table.csv", "kind": "output", "declaration": None} | more
    return release(files=[file])


ATTACKS: tuple[Attack, ...] = (
    _attack(
        id="letter-forged-person",
        title="A letter in another's name",
        tries="Say in a letter that a checker wrote it.",
        run=_written(lambda: release(person="cora"), "not understood"),
    ),
    _attack(
        id="letter-forged-project",
        title="A letter for another project",
        tries="Say in a letter that it belongs to another project.",
        run=_written(lambda: ASKED | {"project": "early-onset-psychosis"}, "not understood"),
    ),
    _attack(
        id="letter-forged-verdict",
        title="A verdict of one's own",
        tries="Say in a letter that a file has passed and was recomputed.",
        run=_written(
            lambda: _with_file_field(verdict="pass", provenance="recomputed"), "nothing else"
        ),
    ),
    _attack(
        id="letter-path",
        title="A file name that climbs",
        tries="Name a file ../../keys/demo.json in a letter.",
        run=_written(lambda: _named("../../keys/demo.json"), "plain name"),
    ),
    _attack(
        id="letter-absolute",
        title="A file name from the root",
        tries="Name a file /etc/passwd in a letter.",
        run=_written(lambda: _named("/etc/passwd"), "plain name"),
    ),
    _attack(
        id="letter-control-characters",
        title="A file name with control characters",
        tries="Name a file with an escape sequence, to forge what a checker reads.",
        run=_written(lambda: _named("table\x1b[2K.csv"), "control character"),
    ),
    _attack(
        id="letter-reversed-name",
        title="A file name written backwards",
        tries="Name a file so that exe.csv reads as csv.exe (right-to-left override).",
        run=_written(lambda: _named("table\u202evsc.exe"), "invisible"),
    ),
    _attack(
        id="letter-twice",
        title="A field twice",
        tries="Write a field twice, so that two readers read different letters.",
        run=_written('{"version": 1, "kind": "requests", "kind": "budget"}', "json"),
    ),
    _attack(
        id="letter-nested",
        title="A letter nested without end",
        tries="Nest a letter so deep that whoever reads it runs out of stack.",
        run=_written(_nested, "json", "too large"),
    ),
    _attack(
        id="letter-too-large",
        title="A letter that is too large",
        tries="Write a letter of a megabyte.",
        run=_written(lambda: release(title="x" * 2**20), "too large"),
    ),
    _attack(
        id="letter-link",
        title="A link for a letter",
        tries="Leave a link to a folder where a letter is expected.",
        run=_odd("letter-link", "folder", "link"),
    ),
    _attack(
        id="letter-file",
        title="A file for a letter",
        tries="Leave a file where a letter's folder is expected.",
        run=_odd("letter-file", "folder"),
    ),
    _attack(
        id="letter-request-link",
        title="A link for what is asked",
        tries="Link the letter's request to a file of the machine.",
        run=_odd("request-link", "link"),
    ),
    _attack(
        id="letter-request-fifo",
        title="A FIFO for what is asked",
        tries="Leave a FIFO in a letter, for the courier to wait at.",
        run=_odd("request-pipe", "regular"),
    ),
    _attack(
        id="letter-file-link",
        title="A link for a file",
        tries="Link a letter's file to /etc/passwd, for a checker to be shown.",
        run=_odd("file-link", "link"),
    ),
    _attack(
        id="letter-folder-link",
        title="A link for the files' folder",
        tries="Link the folder of a letter's files to /etc.",
        run=_odd("folder-link", "link", "folder"),
    ),
    _attack(
        id="letter-file-fifo",
        title="A FIFO for a file",
        tries="Leave a FIFO among a letter's files.",
        run=_odd("file-pipe", "regular"),
    ),
    _attack(
        id="letter-race",
        title="A file changed while it is read",
        tries="Make a letter's file a file and a link by turns while the courier takes it.",
        run=_raced,
    ),
    _attack(
        id="letter-replayed",
        title="A letter sent twice",
        tries="Leave the same letter again under the same number.",
        run=_replayed,
    ),
    _attack(
        id="letter-strange",
        title="What is no letter",
        tries="Leave something else in the outbox.",
        run=_strange,
    ),
    _attack(
        id="forged-reply",
        title="An answer of one's own",
        tries="Write an answer of the service into the replies.",
        holder=Holder.KERNEL,
        run=_forged_reply,
    ),
)
