"""Ask to bring files into a project's workspace: they are scanned, frozen, and wait elsewhere."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from tre.decision import UnusableRequestError
from tre.safe_settings.ingress.hiding import is_invisible
from tre.safe_settings.ingress.limits import LONGEST_NAME, MOST_BYTES, MOST_FILES
from tre.safe_settings.ingress.request import FileState, IngressFile, IngressId
from tre.safe_settings.ingress.scan import Offered, Scanned, scan
from tre.steps.acting import Act, acting
from tre.steps.in_question import project_in_question
from tre.steps.texts import usable_text
from tre.steps.tre import Tre
from tre.store.files import freeze, sha256_of
from tre.store.ingress import add_ingress, add_ingress_file, count_since, count_waiting
from tre.vocabulary import Action, PersonId, ProjectId

MOST_WAITING = 5
"""Ingress requests of one person in one project that may wait at once."""

MOST_A_DAY = 40
"""Ingress requests of one person in one project within 24 hours; blocked ones are kept too."""

LONGEST_WORDS = 2_000
"""Characters of a purpose or source."""


def bring_code(  # noqa: PLR0913 - a request is made of exactly these
    tre: Tre,
    actor: PersonId,
    project: ProjectId,
    files: Sequence[Offered],
    *,
    purpose: str,
    source: str,
    strip: bool = True,
) -> IngressId:
    """Scan and freeze the files, and give the request's number; none is in the workspace yet.

    purpose: what they are for. source: where they come from. strip: take outputs and the like
    out of notebooks; without it a notebook that has any is blocked. A blocked file is kept with
    its findings, and nobody can accept it. Raises UnusableRequestError for too many or too large
    files, and where nothing is said about them; then nothing is kept.
    """
    purpose = usable_text(purpose, what="purpose", longest=LONGEST_WORDS)
    source = usable_text(source, what="source", longest=LONGEST_WORDS)
    _refuse_too_much(files)
    with acting(tre, actor, Action.BRING_CODE, project=project) as act:
        act.require(project_in_question(act, project))
        _refuse_too_many(act, project)
    # Outside any transaction: scanning takes a moment, and the store has one writer.
    scanned = scan(files, strip=strip)
    with acting(tre, actor, Action.BRING_CODE, project=project) as act:
        act.require(project_in_question(act, project))
        _refuse_too_many(act, project)
        number = add_ingress(act.connection, project, actor, (purpose, source), act.at)
        for offered, file in zip(files, scanned, strict=True):
            sha256 = freeze(tre.folders.ingress(number), file.content)
            row = _row(file, sha256, sha256_of(offered.content))
            file_number = add_ingress_file(act.connection, number, row)
            act.record(_told(number, file_number, row))
    return number


def _refuse_too_many(act: Act, project: ProjectId) -> None:
    asked = act.actor.id, project
    if count_waiting(act.connection, *asked) >= MOST_WAITING:
        message = (
            f"{MOST_WAITING} of your ingress requests wait in this project already; withdraw one, "
            "or wait for a checker"
        )
        raise UnusableRequestError(message)
    if count_since(act.connection, *asked, act.at - timedelta(days=1)) >= MOST_A_DAY:
        message = (
            f"you made {MOST_A_DAY} ingress requests in this project within a day; look at files "
            "with `tre ingress scan` before you bring them, and come back tomorrow"
        )
        raise UnusableRequestError(message)


def _row(file: Scanned, sha256: str, offered_sha256: str) -> IngressFile:
    return IngressFile(
        id=0,
        name=_storable(file.name),
        sha256=sha256,
        offered_sha256=offered_sha256,
        size_bytes=len(file.content),
        findings=file.findings,
        removed=file.removed,
        state=FileState.BLOCKED if file.blocked else FileState.WAITING,
    )


def _storable(name: str) -> str:
    """A name that any database keeps and any screen shows as it is.

    One that has to be changed for that is blocked, so that nothing is ever written under it.
    """
    seen = (f"<U+{ord(c):04X}>" if is_invisible(c) else c for c in name[:LONGEST_NAME])
    return "".join(seen)[: 3 * LONGEST_NAME]


def _told(number: IngressId, file_number: int, row: IngressFile) -> dict[str, object]:
    """Say what the ledger keeps of a file: hashes and rules, and no name, which may tell a tale."""
    found = Counter[str]()
    for finding in row.findings:
        found[finding.rule] += 1 + finding.more
    told: dict[str, object] = {"ingress": number, "file": file_number, "sha256": row.sha256}
    told |= {"state": str(row.state), "found": dict(found)}
    if row.offered_sha256 != row.sha256:
        told["offered_sha256"] = row.offered_sha256
    return told


def _refuse_too_much(files: Sequence[Offered]) -> None:
    problem = None
    if not files:
        problem = "choose at least one file"
    elif len(files) > MOST_FILES:
        problem = f"at most {MOST_FILES} files come in at once, not {len(files)}"
    elif sum(len(file.content) for file in files) > MOST_BYTES:
        problem = f"at most {MOST_BYTES // 2**20} MiB come in at once; bring fewer files"
    if problem:
        raise UnusableRequestError(problem)
