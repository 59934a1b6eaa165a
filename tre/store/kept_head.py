"""The ledger's head, kept a second time outside the database: a cut tail shows against it."""

import fcntl
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tre.store.files import write_whole
from tre.store.ledger import NOTHING, Head, seal_of


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptHead:
    """What the second place says; genuine: whether its seal is of this environment's key."""

    head: Head
    genuine: bool


def read_kept(file: Path, key: bytes) -> KeptHead | None:
    """Read the kept head; None where there is none. A damaged one is not genuine."""
    try:
        kept = json.loads(file.read_bytes())
        head = Head(int(kept["count"]), str(kept["hash"]))
        genuine = hmac.compare_digest(str(kept["seal"]), _seal(key, head))
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError):
        return KeptHead(head=NOTHING, genuine=False)
    return KeptHead(head=head, genuine=genuine)


def start(file: Path, key: bytes) -> None:
    """Keep the head of a ledger without entries."""
    write_whole(file, _text(key, NOTHING))


def keep(
    file: Path, key: bytes, new: Head, look_at: Callable[[int], tuple[str | None, Head]]
) -> None:
    """Move the kept head on to `new` or further, if it still agrees with the ledger.

    look_at: the hash that the ledger has at a number now, and how far it reaches at that moment.
    Of many who come at once, the first keeps the head of all of them: each needs two visits to the
    disk. Where the kept head does not agree, or is gone, it is left as it is: it is the evidence
    that `verify` reports.
    """
    with file.with_suffix(".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        kept = read_kept(file, key)
        if kept is None or not kept.genuine or kept.head.count >= new.count:
            return
        there, latest = look_at(kept.head.count)
        if kept.head.count == 0 or there == kept.head.hash:
            write_whole(file, _text(key, latest))


def _text(key: bytes, head: Head) -> bytes:
    kept = {"count": head.count, "hash": head.hash, "seal": _seal(key, head)}
    return json.dumps(kept).encode()


def _seal(key: bytes, head: Head) -> str:
    return seal_of(key, f"head {head.count} {head.hash}")
