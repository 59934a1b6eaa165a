"""Read the whole ledger again and say whether the past was changed."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from tre.decision import UnusableRequestError
from tre.steps.checkpoint_ledger import PATTERN, read_kept_checkpoint
from tre.steps.tre import Tre
from tre.store.checkpoints import compare
from tre.store.ledger import LedgerEntry, LedgerVerdict
from tre.store.ledger_reading import Search, found, turned_back
from tre.vocabulary import Action

TOLERATED = timedelta(hours=1)
"""Steps that run side by side read the clock before they queue for the ledger."""

MOST_SAID = 5
"""So many problems of checkpoints are told; of the rest, how many there are."""


def verify_ledger(tre: Tre) -> LedgerVerdict:
    """Check every entry's hash, chain and seal, the end, the guards, and what is kept of it here.

    The end is held against the head in keys/, and all of it against every checkpoint in the data
    home and in the setting `checkpoint_folder`: who makes every hash and seal fit again has to
    find and forge these as well. What lies where this machine cannot write is `verify_against`.
    """
    verdict = tre.store.verify_ledger()
    if verdict.broken_at is not None:
        return verdict
    files = [file for folder in _folders(tre) for file in sorted(folder.glob(PATTERN))]
    if wrong := _at_most(_that_do_not_hold(tre, files)):
        so_far = "every entry fits" if verdict.whole else verdict.message
        message = f"{so_far}, but the past was changed: {'; '.join(wrong)}"
        return replace(verdict, whole=False, message=message)
    if not verdict.whole:
        return verdict
    remarks = _at_most((*_gone(tre), *_turned_back(tre)))
    if not remarks:
        return verdict
    message = f"{verdict.message}; look at this: {'; '.join(remarks)}"
    return replace(verdict, message=message, remarks=remarks)


def _folders(tre: Tre) -> list[Path]:
    elsewhere = tre.config.checkpoint_folder
    return [tre.folders.checkpoints, *([Path(elsewhere).expanduser()] if elsewhere else [])]


def _that_do_not_hold(tre: Tre, files: list[Path]) -> Iterator[str]:
    """Say which checkpoints the ledger does not go on from, or are none any more."""
    hashes = tre.store.ledger_hashes() if files else []
    for file in files:
        try:
            held = compare(read_kept_checkpoint(file), hashes)
        except UnusableRequestError as error:
            yield str(error)
            continue
        if not held.holds:
            yield f"checkpoint {file.name}: {held.message}"


def _gone(tre: Tre) -> Iterator[str]:
    """Say which checkpoints the ledger tells of are in neither folder any more."""
    with tre.store.reading() as connection:
        taken = found(connection, Search(tag=str(Action.KEEP_CHECKPOINT), outcome="done"))
    for entry in reversed(taken):
        file = _file_of(entry)
        if file and not any((folder / file).exists() for folder in _folders(tre)):
            yield f"checkpoint {file}, of which entry {entry.number} tells, is gone"


def _file_of(entry: LedgerEntry) -> str:
    return str(entry.details.get("file", ""))


def _turned_back(tre: Tre) -> Iterator[str]:
    """Say where the clock was turned back; the order of the entries is proven all the same."""
    with tre.store.reading() as connection:
        for number, before, at in turned_back(connection):
            if before - at > TOLERATED:
                moments = f"from {before:%Y-%m-%d %H:%M} to {at:%Y-%m-%d %H:%M} UTC"
                yield f"the clock went back at entry {number}, {moments}"


def _at_most(problems: Iterable[str]) -> tuple[str, ...]:
    told = tuple(problems)
    rest = len(told) - MOST_SAID
    return told if rest <= 0 else (*told[:MOST_SAID], f"and {rest:,} more")
