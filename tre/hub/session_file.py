"""A session's description on disk: the hub writes it, the server's kernels are sealed by it."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from tre.safe_settings.session_spec import Limits, SessionSpec

_FOLDERS = ("extract", "workspace", "outbox", "replies", "packages")


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """What is needed to seal a kernel: the folders, and where its notices point to.

    entrances: open files of whoever reads this, through which a kernel enters the session's
    control group (`session_limits.enter`); none on a machine without groups.
    """

    spec: SessionSpec
    desk_url: str
    entrances: tuple[int, ...] = ()


def write_session(session: Session, file: Path) -> None:
    """Write the description; it holds no secret."""
    fields = asdict(session.spec)
    fields |= {name: str(fields[name]) for name in _FOLDERS if fields[name]}
    content = {
        "spec": fields,
        "desk_url": session.desk_url,
        "entrances": session.entrances,
    }
    file.write_text(json.dumps(content), encoding="utf-8")


def read_session(file: Path) -> Session:
    """Read the description back."""
    found = json.loads(file.read_text(encoding="utf-8"))
    fields = found["spec"]
    fields |= {name: Path(fields[name]) for name in _FOLDERS if fields[name]}
    fields["limits"] = Limits(**fields["limits"])
    return Session(
        spec=SessionSpec(**fields),
        desk_url=found["desk_url"],
        entrances=tuple(found["entrances"]),
    )


ACCOUNTS = {
    "passwd": "researcher:x:1000:1000:Researcher:/home/researcher:/bin/sh\n",
    "group": "researcher:x:1000:\n",
}
"""The two files that a sandbox shows as /etc/passwd and /etc/group."""


def write_accounts(folder: Path) -> None:
    """Write the accounts that a sandbox shows: one, of nobody in particular."""
    for name, text in ACCOUNTS.items():
        (folder / name).write_text(text, encoding="utf-8")
