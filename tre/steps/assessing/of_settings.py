"""Is what sessions are sealed with, and what comes into them, as it was decided?"""

import stat
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from tre.config import Config
from tre.decision import UnusableRequestError
from tre.safe_projects.membership import everybody_named
from tre.safe_settings.ingress.request import FileState
from tre.steps.assessing.check import Check, check
from tre.steps.attack_suite import ENDED
from tre.steps.packages import AS_ADDED, packages
from tre.steps.tre import Tre
from tre.store.ingress import read_ingresses
from tre.store.keys import LEDGER_KEY, SIGNING_KEY, secret, signing_key
from tre.store.ledger_reading import Search, found
from tre.store.projects import read_projects
from tre.vocabulary import PersonId

ATTACKED_DAYS = 90
"""So old the last suite of attacks may be."""

KEY_BYTES = 32
"""Of the key that seals the ledger (HMAC with SHA-256)."""

_PRIVATE = ("keys", "parties", "requests", "releases", "ingress", "hub", "sessions")


def attacks_held(tre: Tre, actor: PersonId) -> Iterable[str]:
    """What the last suite of attacks left open, or that there was none lately."""
    _ = actor
    with tre.store.reading() as connection:
        last = next(iter(found(connection, Search(tag=ENDED, outcome="done"), limit=1)), None)
    if last is None:
        yield "nobody has attacked this environment yet: tre attack, while it is up"
        return
    age = tre.now() - last.at
    if age > timedelta(days=ATTACKED_DAYS):
        yield f"the last suite of attacks is {age.days} days old: tre attack"
    if open_ := last.details.get("outcomes", {}).get("open", 0):
        yield f"{open_} attacks of the last suite were not held (entry {last.number})"


def packages_as_added(tre: Tre, actor: PersonId) -> Iterable[str]:
    """Wheels that are not what the manager added."""
    for wheel in packages(tre, actor):
        if wheel.standing != AS_ADDED:
            yield f"{wheel.file} is {wheel.standing}: tre packages list"


def code_let_in_apart(tre: Tre, actor: PersonId) -> Iterable[str]:
    """Accepted files that were decided about by whoever brought them, or a member."""
    _ = actor
    with tre.store.reading() as connection:
        brought = read_ingresses(connection, most=100_000)
        projects = read_projects(connection)
    for request in brought:
        near = {request.author, *everybody_named(projects[request.project])}
        for file in request.files:
            if file.state is FileState.ACCEPTED and (file.decided_by or request.author) in near:
                yield (
                    f"file {file.id} of ingress request {request.id} was accepted by "
                    f"{file.decided_by or 'nobody'}, who is not apart from {request.project}"
                )


def secrets_private(tre: Tre, actor: PersonId) -> Iterable[str]:
    """Folders and secrets of the data home that other accounts of the machine can read."""
    _ = actor
    home = tre.config.home
    for name in _PRIVATE:
        if (home / name).is_dir() and _others_may(home / name, 0o077):
            yield f"{name}/ can be looked at by other accounts: chmod 700 {home / name}"
    for key in sorted((home / "keys").iterdir()):
        if key.lstat().st_size and _others_may(key, 0o077):
            yield f"keys/{key.name} can be read by other accounts: chmod 600 it"


def settings_guarded(tre: Tre, actor: PersonId) -> Iterable[str]:
    """A data home or settings that other accounts can change."""
    _ = actor
    for file in (tre.config.home, tre.config.home / "tre.toml"):
        if file.exists() and _others_may(file, 0o022):
            yield f"{file.name} can be changed by other accounts: chmod go-w {file}"


def settings_valid(tre: Tre, actor: PersonId) -> Iterable[str]:
    """Settings that would stop the environment when it starts the next time."""
    _ = actor
    try:
        Config.load(tre.config.home, {})
    except UnusableRequestError as error:
        yield str(error)


def keys_accepted(tre: Tre, actor: PersonId) -> Iterable[str]:
    """Keys that are missing or are none of the algorithms that are relied on."""
    _ = actor
    keys = tre.folders.keys
    for name, read in ((SIGNING_KEY, signing_key), (LEDGER_KEY, _sealing_key)):
        if not (keys / name).exists():
            yield f"keys/{name} is missing: bring it back from a backup"
            continue
        try:
            read(keys)
        except UnusableRequestError as error:
            yield str(error)


def _sealing_key(folder: Path) -> None:
    if (size := len(secret(folder, LEDGER_KEY))) != KEY_BYTES:
        message = f"keys/{LEDGER_KEY} has {size} bytes instead of {KEY_BYTES}"
        raise UnusableRequestError(message)


def _others_may(file: Path, bits: int) -> bool:
    return bool(stat.S_IMODE(file.lstat().st_mode) & bits)


CHECKS: tuple[Check, ...] = (
    check(
        "attacks-held", "The last suite of attacks is recent and left nothing open.", attacks_held
    ),
    check("packages-as-added", "Every wheel is, byte by byte, what was added.", packages_as_added),
    check(
        "code-let-in-apart",
        "Code was let in by people apart from the project it came into.",
        code_let_in_apart,
    ),
    check("secrets-private", "Keys and private folders are this account's alone.", secrets_private),
    check("settings-guarded", "Nobody else can change the settings.", settings_guarded),
    check("settings-valid", "Every setting is known and of its kind.", settings_valid),
    check(
        "keys-accepted",
        f"The key of releases is Ed25519, and that of the ledger has {KEY_BYTES} bytes.",
        keys_accepted,
    ),
    Check(
        name="machine-sealed",
        says="This machine seals a session, with every limit (as tre doctor).",
        ask=None,
        quick=False,
    ),
)
