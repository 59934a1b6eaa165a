"""Files that attack whoever checks them: what the service and the desk make of each."""

import base64
import json
import re
import tempfile
from functools import partial
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tre.attack import hostile
from tre.attack.attack import Attack, Attacker, Holder, Seen, held, is_open, not_run
from tre.attack.families import Family
from tre.attack.inside import letters
from tre.attack.judging import answered, controlled, value_of
from tre.attack.package import Package, sent_package
from tre.attack.table.letters import judge_reply, release
from tre.attack.table.messages import policy_of

if TYPE_CHECKING:
    from tre.attack.target import Target

CHECK_SECONDS = 60
_attack = partial(Attack, family=Family.HOSTILE_FILES, attacker=Attacker.FILE, holder=Holder.DESK)


def _check(package: Package, name: str) -> dict[str, Any]:
    return package.files[name]["check"] or {}


def _findings(package: Package, name: str) -> str:
    found = _check(package, name).get("findings", ())
    return "; ".join(f"{one['severity']}: {one['message']}" for one in found)[:250]


def _never_passes(name: str) -> Any:
    """Held where the automatic check finds something, in a short time."""

    def run(target: "Target") -> Seen:
        package = target.once(sent_package)
        verdict = _check(package, name).get("verdict")
        if package.seconds > CHECK_SECONDS:
            return is_open(f"checking took {package.seconds:.0f} seconds")
        if verdict == "pass":
            return is_open("the automatic check let it pass")
        if verdict not in ("fail", "review"):
            return not_run(f"it was not checked: {verdict}")
        said = _findings(package, name)
        if "root:" in json.dumps(_check(package, name)):
            return is_open("a file of the machine is in the check's outcome")
        return held(f"{verdict}: {said}") if said else not_run("the verdict has no finding")

    return run


def _shown_inert(name: str) -> Any:
    """Held where a checker's page has the harmless words, and of the rest only text."""

    def run(target: "Target") -> Seen:
        package = target.once(sent_package)
        page = answered(target.cora.desk("GET", package.page(name)), 200).text
        return judge_page(page)

    return run


def judge_page(page: str) -> Seen:
    """Look for markup that acts, in a page that must hold the harmless words."""
    if hostile.HARMLESS not in unescape(page):
        return not_run("the harmless words are not shown, so the page shows something else")
    acts = acting_markup(page)
    if acts:
        return is_open(f"the page has {', '.join(acts)}")
    return held("the words are shown; scripts, handlers, links, frames and forms are text or gone")


def acting_markup(page: str) -> list[str]:
    """List what of the hostile markup is in a page as markup, inside a tag."""
    tags = " ".join(re.findall(r"<[a-zA-Z!/][^>]*>", page)).lower()
    ours = ("attack()", "attack.example", "data-commandlinker", "javascript:")
    return [word for word in ours if word in tags]


def _notebook(name: str) -> Any:
    def run(target: "Target") -> Seen:
        package = target.once(sent_package)
        answer = answered(target.cora.desk("GET", package.page(name) + "/notebook"), 200)
        seen = judge_page(answer.text)
        if seen.outcome != "held":
            return seen
        return judge_sandbox(answer.headers.get("content-security-policy", ""), seen.evidence)

    return run


def judge_sandbox(header: str, otherwise: str) -> Seen:
    """Held where a stranger's document is served into a sandbox that runs and loads nothing."""
    policy = policy_of(header)
    if policy.get("sandbox") != []:
        return is_open(f"the document is not in an empty sandbox: {policy.get('sandbox')}")
    if policy.get("default-src") != ["'none'"] or "script-src" in policy:
        return is_open(f"the document may load: {header[:120]}")
    return held(f"{otherwise}; and it is served in a sandbox without scripts")


def _picture(name: str) -> Any:
    def run(target: "Target") -> Seen:
        package = target.once(sent_package)
        answer = answered(target.cora.desk("GET", package.page(name) + "/image"), 200)
        if not answer.headers["content-type"].startswith("image/svg"):
            return not_run(f"served as {answer.headers['content-type']}")
        return judge_sandbox(
            answer.headers.get("content-security-policy", ""), "it is drawn as a picture"
        )

    return run


def _pickle(target: "Target") -> Seen:
    """A pickle as an output is refused; that nobody loaded it is seen by its mark."""
    with tempfile.TemporaryDirectory() as folder:
        mark = Path(folder) / "loaded"
        inside = f"{target.folder}/loaded"
        harmless = base64.b64encode(hostile.pickled(inside)).decode()
        controlled(target.colleagues_kernel, letters.unpickle, harmless, inside)
        content = base64.b64encode(hostile.pickled(str(mark))).decode()
        asked = release(
            title=f"Pickled {target.name}",
            context="a",
            controls="b",
            files=[{"name": "model.pkl", "kind": "output", "declaration": None}],
        )
        told = value_of(
            target.colleagues_kernel.call(letters.send, asked, {"0": content}, seconds=60)
        )
        if mark.exists():
            return is_open("the pickle was loaded outside the session")
    return judge_reply(told, "type", "read")


def _forged(target: "Target") -> Seen:
    package = target.once(sent_package)
    check = _check(package, "forged.csv")
    rules = {one["rule"] for one in check.get("findings", ())}
    if check.get("verdict") == "pass":
        return is_open("numbers that the data do not give have passed")
    if "recomputation" not in rules:
        return not_run(f"refused for other reasons: {_findings(package, 'forged.csv')}")
    return held(f"{check['verdict']}: {_findings(package, 'forged.csv')}")


def _bomb(target: "Target") -> Seen:
    seen = _never_passes("bomb.xlsx")(target)
    if seen.outcome != "held":
        return seen
    seconds = target.once(sent_package).seconds
    return held(f"{seen.evidence} (all ten files were checked in {seconds:.1f} s)")


ATTACKS: tuple[Attack, ...] = (
    _attack(
        id="zip-bomb",
        title="A zip bomb",
        tries="Submit a workbook of some hundred kilobytes that swells to 200 megabytes.",
        run=_bomb,
    ),
    _attack(
        id="xml-entities",
        title="XML entities in a workbook",
        tries="Submit a workbook whose texts are a billion laughs and a file of the machine.",
        run=_never_passes("entities.xlsx"),
    ),
    _attack(
        id="svg-entities",
        title="XML entities in a picture",
        tries="Submit a picture whose text is a file of the machine.",
        run=_never_passes("entities.svg"),
    ),
    _attack(
        id="svg-script",
        title="A script in a picture",
        tries="Submit a picture that runs a script and loads from elsewhere.",
        run=_never_passes("script.svg"),
    ),
    _attack(
        id="svg-shown",
        title="A picture with a script, as it is shown",
        tries="Have the script of a picture run in the checker's browser.",
        run=_picture("script.svg"),
    ),
    _attack(
        id="svg-entities-shown",
        title="A picture with entities, as it is shown",
        tries="Have the checker's browser load what a picture names.",
        run=_picture("entities.svg"),
    ),
    _attack(
        id="html",
        title="A page",
        tries="Submit an HTML page with scripts, forms, frames and links.",
        run=_never_passes("page.html"),
    ),
    _attack(
        id="html-shown",
        title="A page, as it is shown",
        tries="Have a page's scripts run in the checker's browser.",
        run=_shown_inert("page.html"),
    ),
    _attack(
        id="markdown-shown",
        title="A text in Markdown, as it is shown",
        tries="Have HTML and javascript: links in a text act in the checker's browser.",
        run=_shown_inert("notes.md"),
    ),
    _attack(
        id="notebook-shown",
        title="A notebook, as it is shown",
        tries=(
            "Have a notebook's outputs run scripts or commands in the checker's browser "
            "(CVE-2026-42557)."
        ),
        run=_notebook("results.ipynb"),
    ),
    _attack(
        id="code-shown",
        title="A notebook as code, as it is shown",
        tries="The same by the notebook that is sent along as the code.",
        run=_notebook("code.ipynb"),
    ),
    _attack(
        id="formulas",
        title="Formulas in a table",
        tries="Submit a CSV whose cells a spreadsheet runs when somebody opens it.",
        run=_never_passes("formulas.csv"),
    ),
    _attack(
        id="pickle",
        title="A pickle",
        tries="Submit a pickle, which runs code when it is loaded.",
        run=_pickle,
    ),
    _attack(
        id="forged-evidence",
        title="Numbers that the data do not give",
        tries="Send other numbers under the declaration of an honest table.",
        run=_forged,
    ),
)
