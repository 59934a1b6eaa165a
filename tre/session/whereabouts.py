"""Whose session this is, and where its four folders are."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from tre.session.errors import NotInSessionError


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """What the environment told this session about itself when it started.

    Nothing here is a secret or a permission: the service knows who asks from the outbox that
    a message lies in, and reads none of these values back.
    data: read-only extract. workspace: shared by the project. outbox, replies: this person's.
    """

    person: str
    project: str
    title: str
    policy: str
    desk_address: str
    data: Path
    workspace: Path
    outbox: Path
    replies: Path

    @classmethod
    def here(cls, environ: Mapping[str, str] = os.environ) -> Self:
        """Read the session's own description of itself.

        Raises NotInSessionError outside a session.
        """
        if not environ.get("TRE_PROJECT") or not environ.get("TRE_PERSON"):
            message = (
                "tre.session works inside a research session, where the environment says whose "
                "project this is. Start one from the hub's home page."
            )
            raise NotInSessionError(message)
        return cls(
            person=environ["TRE_PERSON"],
            project=environ["TRE_PROJECT"],
            title=environ.get("TRE_PROJECT_TITLE") or environ["TRE_PROJECT"],
            policy=environ.get("TRE_POLICY") or "srs",
            desk_address=(environ.get("TRE_DESK_URL") or "").rstrip("/"),
            **{name: Path(environ.get(variable) or usual) for name, variable, usual in _FOLDERS},
        )


_FOLDERS = (
    ("data", "TRE_DATA", "/data"),
    ("workspace", "TRE_WORKSPACE", "/workspace"),
    ("outbox", "TRE_OUTBOX", "/outbox"),
    ("replies", "TRE_REPLIES", "/replies"),
)
