"""Keep signed checkpoints of the ledger, and hold today's ledger against those kept elsewhere."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from tre.decision import UnusableRequestError
from tre.five_safes import Subject
from tre.safe_outputs.bundle import fingerprint
from tre.steps.acting import acting
from tre.steps.tre import SYSTEM, Tre
from tre.store.checkpoints import LARGEST_BYTES, Checkpoint, compare, read_checkpoint, sign, take
from tre.store.files import write_once
from tre.store.keys import SIGNING_KEY, signing_key
from tre.store.ledger import head
from tre.vocabulary import Action, PersonId

EVERY = timedelta(days=1)
"""How often the environment keeps a checkpoint by itself."""

PATTERN = "ledger-*.json"

log = logging.getLogger("tre.steps")


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptCheckpoint:
    """A checkpoint that was written. signed_by: SHA-256 of the public key, hexadecimal."""

    file: Path
    entries: int
    hash: str
    at: datetime
    signed_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldAgainst:
    """What came of holding the ledger against one checkpoint.

    entries, at, signed_by: what the checkpoint says of itself. same_key: whether the environment
    still signs with that key; None where it has none. agrees_to, differs_by: as `Continuity`.
    """

    file: Path
    holds: bool
    message: str
    entries: int
    at: datetime
    signed_by: str
    same_key: bool | None
    agrees_to: int
    differs_by: int | None


def checkpoint_ledger(tre: Tre, actor: PersonId, file: Path | None = None) -> KeptCheckpoint:
    """Write what the ledger is now, signed; without `file`, into checkpoints/ of the data home.

    The entry that says so comes after what the checkpoint covers. Raises UnusableRequestError
    where the file is there already or cannot be written; then nothing is on the ledger either.
    """
    with acting(tre, actor, Action.KEEP_CHECKPOINT) as act:
        act.require(Subject())
    # Outside any transaction that writes: it takes a second for every 100,000 entries.
    hashes = tre.store.ledger_hashes()
    with acting(tre, actor, Action.KEEP_CHECKPOINT) as act:
        act.require(Subject())
        key = signing_key(tre.folders.keys)
        said = take(hashes, act.at)
        kept = KeptCheckpoint(
            file=file or tre.folders.checkpoints / _name(act.at, said["count"]),
            entries=said["count"],
            hash=said["hash"],
            at=act.at,
            signed_by=fingerprint(key.public_key()),
        )
        _write(kept.file, sign(said, key))
        told = {"entries": kept.entries, "hash": kept.hash, "signed_by": kept.signed_by}
        act.record(told if file else told | {"file": kept.file.name})
    return kept


def keep_checkpoint(tre: Tre) -> KeptCheckpoint | None:
    """Keep today's checkpoint, where the newest in the data home is a day old or there is none.

    Those that are missing in the folder of the setting `checkpoint_folder` are copied there.
    Raises UnusableRequestError where they cannot be.
    """
    kept = _keep_todays(tre)
    _copy_elsewhere(tre)
    return kept


def _keep_todays(tre: Tre) -> KeptCheckpoint | None:
    if any(_is_of_today(file, tre.now()) for file in tre.folders.checkpoints.glob(PATTERN)):
        return None
    with tre.store.reading() as connection:
        if not head(connection).count:
            return None
    return checkpoint_ledger(tre, SYSTEM)


def _copy_elsewhere(tre: Tre) -> None:
    """Copy what is missing; nothing that is there already is touched."""
    if not tre.config.checkpoint_folder:
        return
    elsewhere = Path(tre.config.checkpoint_folder).expanduser()
    if not elsewhere.is_dir():
        message = f"checkpoint_folder {elsewhere} is not there: mount it, or change the setting"
        raise UnusableRequestError(message)
    for file in sorted(tre.folders.checkpoints.glob(PATTERN)):
        write_once(elsewhere / file.name, file.read_bytes(), mode=0o444)


def verify_against(
    tre: Tre, files: Iterable[Path], *, key: str | None = None
) -> tuple[HeldAgainst, ...]:
    """Hold the ledger against checkpoints that were kept elsewhere, the oldest first.

    files: checkpoints, or folders of them. key: the SHA-256 of the public key that must have
    signed every one of them, or at least its first 16 digits; without it a checkpoint is
    believed that fits its own key. Raises UnusableRequestError for what is no checkpoint.
    """
    read = sorted(
        ((read_kept_checkpoint(file), file) for file in _each(files)), key=lambda pair: pair[0].at
    )
    wanted = _wanted(key)
    hashes = tre.store.ledger_hashes()
    today = _todays_key(tre)
    return tuple(_held(one, file, hashes, (today, wanted)) for one, file in read)


def _held(
    one: Checkpoint, file: Path, hashes: list[str], keys: tuple[str | None, str]
) -> HeldAgainst:
    today, wanted = keys
    found = compare(one, hashes)
    is_known = one.signed_by.startswith(wanted)
    message = found.message
    if found.holds and not is_known:
        message = "it was signed by another key than the one you named: do not rely on it"
    return HeldAgainst(
        file=file,
        holds=found.holds and is_known,
        message=message,
        entries=one.count,
        at=one.at,
        signed_by=one.signed_by,
        same_key=None if today is None else one.signed_by == today,
        agrees_to=found.agrees_to,
        differs_by=found.differs_by,
    )


def _todays_key(tre: Tre) -> str | None:
    if not (tre.folders.keys / SIGNING_KEY).exists():
        return None
    return fingerprint(signing_key(tre.folders.keys).public_key())


def _wanted(key: str | None) -> str:
    if key is None:
        return ""
    wanted = key.strip().lower().replace(":", "")
    if not 16 <= len(wanted) <= 64 or set(wanted) - set("0123456789abcdef"):
        message = "name a key by the SHA-256 of its public key: 16 to 64 hexadecimal digits"
        raise UnusableRequestError(message)
    return wanted


def _each(files: Iterable[Path]) -> list[Path]:
    found: list[Path] = []
    for file in files:
        inside = sorted(file.glob(PATTERN)) if file.is_dir() else [file]
        if not inside:
            message = f"{file} holds no checkpoint ({PATTERN})"
            raise UnusableRequestError(message)
        found += inside
    return found


def read_kept_checkpoint(file: Path) -> Checkpoint:
    """Read a checkpoint from its file. Raises UnusableRequestError for what is none."""
    try:
        with file.open("rb") as opened:
            content = opened.read(LARGEST_BYTES + 1)
        return read_checkpoint(content)
    except OSError as error:
        message = f"{file} cannot be read: {error.strerror}"
        raise UnusableRequestError(message) from error
    except UnusableRequestError as error:
        message = f"{file}: {error}"
        raise UnusableRequestError(message) from error


def _write(file: Path, content: bytes) -> None:
    if file.exists():
        message = f"{file} is there already, and a checkpoint is never written over: name another"
        raise UnusableRequestError(message)
    if not file.parent.is_dir():
        message = f"there is no folder {file.parent} to keep a checkpoint in"
        raise UnusableRequestError(message)
    write_once(file, content, mode=0o444)


def _name(at: datetime, count: int) -> str:
    return f"ledger-{at:%Y-%m-%dT%H%M%SZ}-{count}.json"


def _is_of_today(file: Path, now: datetime) -> bool:
    """Whether a checkpoint is less than a day old.

    One of a time to come (a clock went wrong, or somebody put it there) must not keep the next
    ones from being made, and neither must what is no checkpoint of ours.
    """
    try:
        one = read_kept_checkpoint(file)
    except UnusableRequestError:
        log.warning("%s is no checkpoint", file.name)
        return False
    return one.genuine and one.at <= now < one.at + EVERY
