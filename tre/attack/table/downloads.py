"""Ways of taking files out, or in, through the server that shows the notebook."""

import base64
import secrets
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import httpx

from tre.attack.attack import Attack, Attacker, Holder, Outcome, Seen, held, held_in_part, is_open
from tre.attack.families import Family
from tre.attack.inside import planting
from tre.attack.judging import answered, forbidden, judge_answer, shown, value_of

if TYPE_CHECKING:
    from tre.attack.target import Target

CSV = "pseudonym,diagnosis,attainment\n" + "".join(f"p{row},F20,{row}\n" for row in range(200))
TEXT = "Notes of a researcher: nothing of the data.\n"
LARGE = 5 * 2**20

_attack = partial(Attack, family=Family.DOWNLOADS, attacker=Attacker.BROWSER, holder=Holder.SERVER)


def made_files(target: "Target") -> str:
    """Let the researcher's code write the files that its browser then asks for."""
    files = {
        "notes.txt": TEXT,
        "data.csv": CSV,
        "sniffed.txt": CSV,
        "plain": CSV,
        "page.html": f"<pre>{CSV}</pre>",
        "data.bin": "\x01\x02" + CSV,
        ".hidden": TEXT,
    }
    for name, content in files.items():
        value_of(target.kernel.call(planting.text, target.folder, name, content))
    return target.name


def _contents(target: "Target", name: str, query: str = "content=1", **more: Any) -> httpx.Response:
    folder = target.once(made_files)
    return target.ada.server("GET", f"api/contents/{folder}/{name}?{query}", **more)


def _allowed(target: "Target") -> httpx.Response:
    """Control: a text that a researcher wrote is shown."""
    answer = _contents(target, "notes.txt")
    if answer.status_code == 200 and answer.json()["content"] != TEXT:
        answer.status_code = 500
    return answer


def _got(name: str, query: str = "content=1") -> Any:
    return forbidden(lambda target: _contents(target, name, query), 400, 403, control=_allowed)


def _path(method: str, pattern: str, *statuses: int, **more: Any) -> Any:
    """Ask for a path in which `{folder}` is the attack's folder."""

    def ask(target: "Target") -> httpx.Response:
        folder = target.once(made_files)
        return target.ada.server(method, pattern.format(folder=folder), **more)

    return forbidden(ask, *(statuses or (403, 404)), control=_allowed)


def _copied(target: "Target", name: str) -> httpx.Response:
    folder = target.once(made_files)
    return target.ada.server(
        "POST", f"api/contents/{folder}", json={"copy_from": f"{folder}/{name}"}
    )


def _renamed(new: str) -> Any:
    def ask(target: "Target") -> httpx.Response:
        folder = target.once(made_files)
        value_of(target.kernel.call(planting.text, target.folder, "rename.csv", CSV))
        path = f"api/contents/{folder}/rename.csv"
        return target.ada.server("PATCH", path, json={"path": f"{folder}/{new}"})

    return forbidden(ask, 403, control=_renamed_text, control_statuses=(200,))


def _renamed_text(target: "Target") -> httpx.Response:
    """Control: a text may get another name."""
    folder = target.once(made_files)
    value_of(target.kernel.call(planting.text, target.folder, "old.txt", TEXT))
    path = f"api/contents/{folder}/old.txt"
    new = f"new-{secrets.token_hex(3)}.txt"
    return target.ada.server("PATCH", path, json={"path": f"{folder}/{new}"})


def _put(name: str, model: dict[str, Any], *statuses: int) -> Any:
    def ask(target: "Target") -> httpx.Response:
        folder = target.once(made_files)
        return target.ada.server("PUT", f"api/contents/{folder}/{name}", json=model)

    return forbidden(ask, *statuses, control=_typed, control_statuses=(200, 201))


def _typed(target: "Target") -> httpx.Response:
    """Control: what is typed in the browser is written."""
    folder = target.once(made_files)
    model = {"type": "file", "format": "text", "content": TEXT}
    return target.ada.server("PUT", f"api/contents/{folder}/typed.txt", json=model)


def _in_a_notebook(target: "Target") -> Seen:
    """Hide data in each place of a notebook that is drawn nowhere, and open it."""
    answered(_allowed(target), 200)
    folder = target.once(made_files)
    target.kernel.call(planting.stuffed_notebooks, target.folder, LARGE)
    sent, seen = [], held("no place of a notebook was found to be tried")
    for place in planting.PLACES:
        answer = target.ada.server("GET", f"api/contents/{folder}/{place}.ipynb?content=1")
        seen = judge_answer(answer, 400, 403, 413)
        if answer.status_code == 200 and len(answer.content) < LARGE // 2:
            seen = held_in_part("the notebook was sent without the data that were hidden in it")
        if seen.outcome is not Outcome.HELD:
            sent.append(f"{place}: {seen.evidence}")
            break
    return seen if not sent else replace(seen, evidence=sent[0])


def _in_a_picture(target: "Target") -> Seen:
    answered(_allowed(target), 200)
    folder = target.once(made_files)
    code = (
        "from pathlib import Path\n"
        f"Path('{target.folder}/drawn.png').write_bytes("
        f"b'\\x89PNG\\r\\n\\x1a\\n' + {CSV.encode()!r})\n"
    )
    target.kernel.run(code)
    answer = target.ada.server("GET", f"api/contents/{folder}/drawn.png?content=1")
    if answer.status_code != 200:
        return judge_answer(answer, 400, 403)
    sent = base64.b64decode(answer.json()["content"])
    if b"pseudonym" in sent:
        return is_open("a table was sent behind the first bytes of a picture")
    return held("the picture was sent without what was behind it")


def _extension(target: "Target") -> Seen:
    answered(target.ada.server("GET", "api/status"), 200)
    answer = target.ada.server(
        "POST",
        "lab/api/extensions",
        json={"cmd": "install", "extension_name": "jupyterlab-attack"},
    )
    if answer.is_success and "error" not in answer.text.lower():
        return is_open(shown(answer))
    if answer.status_code in (400, 403, 404, 405, 500):
        return held(f"nothing can be installed: {shown(answer)}")
    return judge_answer(answer, 403)


def _terminal_socket(target: "Target") -> Seen:
    answered(target.ada.server("GET", "api/status"), 200)
    return judge_answer(target.ada.server("GET", "terminals/websocket/1"), 400, 403, 404)


def _shown_text(target: "Target") -> Seen:
    answer = _allowed(target)
    if answer.status_code == 200:
        return held_in_part("a text of up to 200,000 bytes that is no table is shown")
    return judge_answer(answer, 403)


ATTACKS: tuple[Attack, ...] = (
    _attack(
        id="files",
        title="The file itself",
        tries="Fetch a file of the workspace by /files/.",
        run=_path("GET", "files/{folder}/notes.txt"),
    ),
    _attack(
        id="files-download",
        title="The file as a download",
        tries="Fetch a table by /files/ with ?download=1.",
        run=_path("GET", "files/{folder}/data.csv?download=1"),
    ),
    _attack(
        id="files-head",
        title="What there is to know of a file",
        tries="Ask for the headers of a file by /files/ (HEAD).",
        run=_path("HEAD", "files/{folder}/data.csv"),
    ),
    _attack(
        id="view",
        title="A page of the workspace",
        tries="Open an HTML page of the workspace by /view/, in the server's own origin.",
        run=_path("GET", "view/{folder}/page.html"),
    ),
    _attack(
        id="nbconvert-html",
        title="A notebook as a page",
        tries="Export a notebook as HTML by /nbconvert/.",
        run=_path("GET", "nbconvert/html/{folder}/large.ipynb?download=true"),
    ),
    _attack(
        id="nbconvert-script",
        title="A notebook as a script",
        tries="Export a notebook as a program by /nbconvert/.",
        run=_path("GET", "nbconvert/script/{folder}/large.ipynb?download=true"),
    ),
    _attack(
        id="nbconvert-post",
        title="A page made of anything",
        tries="Send a notebook to be converted (POST /nbconvert/html).",
        run=_path("POST", "nbconvert/html", json={"name": "a.ipynb", "content": {}}),
    ),
    _attack(
        id="terminals",
        title="A terminal",
        tries="Start a terminal, which would be a shell in the server.",
        run=_path("POST", "api/terminals"),
    ),
    _attack(
        id="terminal-socket",
        title="A terminal's WebSocket",
        tries="Connect to a terminal without starting one.",
        run=_terminal_socket,
    ),
    _attack(
        id="extension",
        title="An extension",
        tries="Install an extension past the menu that does not offer it (CVE-2026-42266).",
        run=_extension,
    ),
    _attack(
        id="config",
        title="The server's settings",
        tries="Change settings of the interface by the server's API.",
        run=_path("PATCH", "api/config/notebook", json={"attack": 1}),
    ),
    _attack(
        id="contents-csv",
        title="A table by the contents API",
        tries="Read a CSV with its content.",
        run=_got("data.csv"),
    ),
    _attack(
        id="contents-no-format",
        title="Bytes, with no format named",
        tries="Read a binary file without naming a format, which gives it in base64.",
        run=_got("data.bin"),
    ),
    _attack(
        id="contents-base64",
        title="Text asked for as bytes",
        tries="Read a table in base64.",
        run=_got("data.csv", "content=1&format=base64&type=file"),
    ),
    _attack(
        id="contents-sniffed",
        title="A table called a text",
        tries="Write a table under the name of a text, and read that.",
        run=_got("sniffed.txt"),
    ),
    _attack(
        id="contents-nameless",
        title="A table without an ending",
        tries="Write a table under a name without an ending, and read that.",
        run=_got("plain"),
    ),
    _attack(
        id="rename",
        title="Renaming to an allowed type",
        tries="Rename a table to a text, and read that.",
        run=_renamed("renamed.txt"),
    ),
    _attack(
        id="rename-notebook",
        title="Renaming to a notebook",
        tries="Rename a table to a notebook, which is always shown.",
        run=_renamed("renamed.ipynb"),
    ),
    _attack(
        id="copy",
        title="A copy",
        tries="Copy a table by the contents API (copy_from).",
        run=forbidden(
            lambda target: _copied(target, "data.csv"),
            403,
            control=lambda target: _copied(target, "notes.txt"),
            control_statuses=(201,),
        ),
    ),
    _attack(
        id="hidden-files",
        title="Hidden files",
        tries="Read a hidden file of the workspace.",
        run=_path("GET", "api/contents/{folder}/.hidden?content=1", 404),
    ),
    _attack(
        id="path-traversal",
        title="Climbing by the address",
        tries="Read /etc/passwd by a path that climbs out of the workspace.",
        run=_path("GET", "api/contents/..%2f..%2f..%2f..%2f..%2fetc%2fpasswd", 400, 403, 404),
    ),
    _attack(
        id="notebook-metadata",
        title="Data hidden in a notebook",
        tries="Write five megabytes into a part of a notebook that is drawn nowhere, and open it.",
        run=_in_a_notebook,
    ),
    _attack(
        id="picture",
        title="Data behind a picture",
        tries="Write a table after the first bytes of a picture, and open that.",
        run=_in_a_picture,
    ),
    _attack(
        id="upload-table",
        title="Data brought in",
        tries="Bring a table in through the browser.",
        run=_put("brought.csv", {"type": "file", "format": "text", "content": CSV}, 403),
    ),
    _attack(
        id="upload-program",
        title="A program brought in",
        tries="Bring in a program that was compiled elsewhere.",
        run=_put(
            "program.so",
            {
                "type": "file",
                "format": "base64",
                "content": base64.b64encode(b"\x7fELF" + b"\0" * 64).decode(),
            },
            403,
        ),
    ),
    _attack(
        id="upload-pieces",
        title="A large file in pieces",
        tries="Bring a file in by pieces, each of which is small.",
        run=_put(
            "pieces.txt",
            {"type": "file", "format": "text", "content": TEXT, "chunk": 1},
            403,
            413,
        ),
    ),
    _attack(
        id="text-in-a-text",
        title="A text, shown",
        tries="Read a short text of one's own, with anything written in it.",
        run=_shown_text,
        expected=Outcome.IN_PART,
        because=(
            "A researcher must read what they wrote. What is shown is limited in size and is not "
            "a table; anything written as prose can be read, and so copied."
        ),
    ),
)
