"""A courier for tests of the session: a thread that answers with what it was told to answer."""

import json
import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

Answer = Callable[[dict[str, Any], Path], dict[str, Any]]


class FakeCourier:
    """Takes every finished letter of one outbox, remembers it, and answers at once."""

    def __init__(self, outbox: Path, replies: Path, answer: Answer):
        self.outbox, self.replies, self.answer = outbox, replies, answer
        self.letters: list[dict[str, Any]] = []
        self.files: list[list[bytes]] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> "FakeCourier":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(0.01):
            for folder in sorted(self.outbox.iterdir()):
                if folder.suffix != ".part":
                    self._serve(folder)

    def _serve(self, folder: Path) -> None:
        letter = json.loads((folder / "request.json").read_text())
        self.letters.append(letter)
        contents = sorted((folder / "files").iterdir(), key=lambda file: int(file.name))
        self.files.append([file.read_bytes() for file in contents])
        reply = self.answer(letter, folder)
        shutil.rmtree(folder)
        part = self.replies / f".{folder.name}"
        part.write_text(json.dumps(reply))
        part.rename(self.replies / f"{folder.name}.json")


def accept_everything(letter: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Answer every kind of letter as a friendly service would."""
    answers: dict[str, dict[str, Any]] = {
        "release": {
            "request": 7,
            "state": "submitted",
            "verdict": "pass",
            "desk": "http://127.0.0.1:8001/requests/7",
            "files": [
                {
                    "name": file["name"],
                    "kind": file["kind"],
                    "verdict": "pass" if file["kind"] == "output" else None,
                    "provenance": "recomputed" if file["declaration"] else "asserted",
                    "findings": [],
                }
                for file in letter.get("files", ())
            ],
        },
        "requests": {
            "requests": [
                {
                    "request": 7,
                    "title": "Attainment",
                    "state": "submitted",
                    "verdict": "pass",
                    "turn": 1,
                }
            ]
        },
        "budget": {"total": 3.0, "spent": 0.5},
        "private_count": {
            "csv": "sex,value\nFemale,101\nMale,97\n",
            "declaration": '{"protection": "noise"}',
            "dataset": "linked",
            "rows": ["sex"],
            "columns": [],
            "epsilon": 0.5,
            "total": 3.0,
            "spent": 1.0,
        },
    }
    return {"outcome": "done", **answers[letter["kind"]]}


def refuse_everything(letter: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Answer as the gate does when two rules do not hold."""
    return {
        "outcome": "refused",
        "reasons": [
            "Safe People: your accreditation ended on 1 June 2026. Renew it with the ONS.",
            "Safe Projects: the project has ended. Ask its lead.",
        ],
    }
