"""A data home with one outbox, and letters such as sessions (honest or not) leave there."""

import json
import secrets
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from tre.courier.paths import Outbox, outbox

Leave = Callable[..., str]

RELEASE: dict[str, Any] = {
    "version": 1,
    "kind": "release",
    "title": "Attainment",
    "context": "Counts of people.",
    "controls": "Suppressed.",
    "files": [{"name": "table.csv", "kind": "output", "declaration": None}],
}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def ada(home: Path) -> Outbox:
    box = outbox(home, "early-onset-psychosis", "ada")
    box.folder.mkdir(parents=True)
    return box


@pytest.fixture
def leave(ada: Outbox) -> Leave:
    """Leave a letter and give its name."""

    def leave_one(
        request: dict[str, Any] | bytes | None = None,
        files: Sequence[bytes] = (b"sex,value\nFemale,12\n",),
        box: Outbox = ada,
    ) -> str:
        name = secrets.token_hex(16)
        folder = box.folder / name
        (folder / "files").mkdir(parents=True)
        for number, content in enumerate(files):
            (folder / "files" / str(number)).write_bytes(content)
        asked = RELEASE if request is None else request
        content = asked if isinstance(asked, bytes) else json.dumps(asked).encode()
        (folder / "request.json").write_bytes(content)
        return name

    return leave_one


def reply_to(box: Outbox, name: str) -> dict[str, Any]:
    return json.loads((box.replies / f"{name}.json").read_text())
