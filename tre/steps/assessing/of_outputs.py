"""Did everything that left leave by two people apart from the project, whole and on record?"""

import json
import zipfile
from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import select

from tre.safe_outputs.bundle import RECORD, verify_bundle
from tre.safe_outputs.completeness import is_approved_by_two
from tre.safe_outputs.file_types import is_readable
from tre.safe_outputs.release_request import ReleaseRequest, State
from tre.safe_outputs.votes import outputs
from tre.safe_outputs.working_days import is_late
from tre.safe_projects.membership import everybody_named
from tre.steps.assessing.check import Check, check
from tre.steps.tre import Tre
from tre.store.files import FrozenFileError, sha256_of, thaw
from tre.store.keys import signing_key
from tre.store.projects import read_projects
from tre.store.requests import checks_of, read_requests
from tre.store.tables import releases, requests
from tre.vocabulary import PersonId

LEFT = (State.RELEASED, State.REVOKED)
WAITING = (State.SUBMITTED, State.PARTIALLY_REVIEWED, State.REVIEWED)
STUCK = (State.APPROVED, State.FAILED)
STUCK_AFTER = timedelta(days=1)


def approved_by_two(tre: Tre, actor: PersonId) -> Iterable[str]:
    """Requests that left without two approvals of each output by people apart from them."""
    _ = actor
    with tre.store.reading() as connection:
        projects = read_projects(connection)
    for request in _in(tre, *LEFT):
        members = everybody_named(projects[request.project])
        for reason in is_approved_by_two(request, members=members).reasons:
            yield f"request {request.id} was released, and {reason.sentence}"


def bundles_whole(tre: Tre, actor: PersonId) -> Iterable[str]:
    """Bundles that are not what was released, or not signed by this environment."""
    _ = actor
    with tre.store.reading() as connection:
        rows = connection.execute(select(releases)).mappings().all()
    if not rows:
        return
    key = signing_key(tre.folders.keys).public_key()
    for row in rows:
        bundle = tre.folders.releases(row["request"]) / row["name"]
        if not bundle.is_file() or sha256_of(bundle.read_bytes()) != row["sha256"]:
            yield f"the bundle of request {row['request']} is not the one that was released"
        elif not verify_bundle(bundle, key).whole:
            yield f"the bundle of request {row['request']} is not signed by this environment's key"


def records_complete(tre: Tre, actor: PersonId) -> Iterable[str]:
    """Releases without a record of the criteria they were judged by."""
    _ = actor
    with tre.store.reading() as connection:
        rows = connection.execute(select(releases)).mappings().all()
    for row in rows:
        bundle = tre.folders.releases(row["request"]) / row["name"]
        try:
            with zipfile.ZipFile(bundle) as opened:
                record = json.loads(opened.read(RECORD))
        except (OSError, KeyError, ValueError, zipfile.BadZipFile):
            record = {}
        if missing := {"request", "policies", "outputs", "decisions"} - set(record):
            said = ", ".join(sorted(missing))
            yield f"the record of request {row['request']} has no {said}"


def frozen_whole(tre: Tre, actor: PersonId) -> Iterable[str]:
    """Submitted files that are not, byte by byte, what was submitted."""
    _ = actor
    for request in _in(tre, *WAITING, *STUCK, *LEFT):
        for file in request.files:
            try:
                thaw(tre.folders.frozen(request.id), file.sha256)
            except FrozenFileError as error:
                yield f"request {request.id}, file {file.id}: {error}"


def outputs_checked(tre: Tre, actor: PersonId) -> Iterable[str]:
    """Outputs that wait or have left without a verdict of the automatic checks."""
    _ = actor
    listed = _in(tre, *WAITING, *STUCK, *LEFT)
    with tre.store.reading() as connection:
        checks = checks_of(connection, [request.id for request in listed])
    for request in listed:
        for file in outputs(request):
            if not checks.get(file.id, {}).get("verdict"):
                yield f"request {request.id}, file {file.id} has no automatic verdict"


def releases_readable(tre: Tre, actor: PersonId) -> Iterable[str]:
    """Outputs that have left and that nobody can have read, by their names and bytes."""
    _ = actor
    for request in _in(tre, *LEFT):
        for file in outputs(request):
            try:
                content = thaw(tre.folders.frozen(request.id), file.sha256)
            except FrozenFileError:
                continue  # frozen-whole says so
            for reason in is_readable(file.name, content).reasons:
                yield f"request {request.id} was released, and {reason.sentence}"


def nothing_stuck(tre: Tre, actor: PersonId) -> Iterable[str]:
    """What was approved more than a day ago and is not out."""
    _ = actor
    for request in _in(tre, *STUCK):
        since = request.submitted_at or request.created_at
        if tre.now() - since > STUCK_AFTER:
            yield f"request {request.id} was approved and is not released: tre request show"


def answered_in_time(tre: Tre, actor: PersonId) -> Iterable[str]:
    """Requests that wait for checkers longer than five working days."""
    _ = actor
    for request in _in(tre, *WAITING):
        if request.submitted_at and is_late(request.submitted_at, tre.now()):
            yield f"request {request.id} waits since {request.submitted_at:%Y-%m-%d}"


def _in(tre: Tre, *states: State) -> tuple[ReleaseRequest, ...]:
    with tre.store.reading() as connection:
        return tuple(
            read_requests(connection, requests.c.state.in_([str(state) for state in states]))
        )


CHECKS: tuple[Check, ...] = (
    check(
        "approved-by-two",
        "Every released output has two approvals by people apart from its project.",
        approved_by_two,
    ),
    check("bundles-whole", "Every bundle is as it was released and signed.", bundles_whole),
    check("records-complete", "Every release has its disclosure record.", records_complete),
    check(
        "frozen-whole", "Every submitted file is as it was submitted.", frozen_whole, quick=False
    ),
    check(
        "outputs-checked",
        "Every output that waits or has left has a verdict of the automatic checks.",
        outputs_checked,
    ),
    check(
        "releases-readable",
        "Everything that has left is of a type that a person can read.",
        releases_readable,
        quick=False,
    ),
    check("nothing-stuck", "Nothing that was approved is stuck for a day.", nothing_stuck),
    check("answered-in-time", "No request waits over five working days.", answered_in_time),
)
