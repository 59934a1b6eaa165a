"""Read the books afterwards, without the desk: the ledger, the database's states, the bundles."""

import hashlib
import json
import tempfile
from collections import Counter
from collections.abc import Mapping
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text

from benchmarks.load.acts import Act
from benchmarks.load.books import Line, problems_of_acts, problems_of_releases, problems_of_states
from tre import cli
from tre.config import Config
from tre.steps.tre import open_tre
from tre.steps.verify_ledger import verify_ledger

_LINES = text(
    "SELECT number, actor, tag, request, details FROM ledger WHERE outcome = 'done' ORDER BY number"
)
_STATES = text("SELECT id, state FROM requests")


def proof(config: Config, seen: Mapping[str, Any]) -> dict[str, Any]:
    """Check everything; seen: what the crowd was told. How much was looked at, and the problems."""
    lines, states = _books(config)
    zips = _bundles(config.home / "releases")
    downloads = [(int(request), str(sha256)) for request, sha256 in seen["downloads"]]
    hashes = {
        request: [hashlib.sha256(file.read_bytes()).hexdigest() for file in files]
        for request, files in zips.items()
    }
    verified = [file for files in zips.values() for file in files]
    confirmed, unsure = ([Act(**act) for act in seen[name]] for name in ("confirmed", "unsure"))
    return {
        "lines": len(lines),
        "requests": dict(Counter(states.values())),
        "confirmed": len(confirmed),
        "unsure": len(unsure),
        "bundles": len(verified),
        "problems": {
            "chain": _problems_of_chain(config),
            "states": problems_of_states(lines, states),
            "acts": problems_of_acts(lines, confirmed, unsure),
            "releases": problems_of_releases(lines, hashes, downloads),
            "bundles": [str(file.parent.name) for file in verified if not _holds(file)],
        },
    }


def _books(config: Config) -> tuple[list[Line], dict[int, str]]:
    """The ledger's lines and the requests' states, by plain SQL."""
    engine = create_engine(config.database)
    try:
        with engine.connect() as connection:
            lines = [
                Line(
                    number=row.number,
                    actor=row.actor,
                    tag=row.tag,
                    request=row.request,
                    details=json.loads(row.details),
                )
                for row in connection.execute(_LINES)
            ]
            states = {row.id: row.state for row in connection.execute(_STATES)}
    finally:
        engine.dispose()
    return lines, states


def _bundles(releases: Path) -> dict[int, list[Path]]:
    """Every file of every release folder, by the request's number."""
    return {
        int(folder.name): sorted(folder.iterdir())
        for folder in sorted(releases.iterdir())
        if folder.is_dir()
    }


def _problems_of_chain(config: Config) -> list[str]:
    tre = open_tre(config)
    try:
        verdict = verify_ledger(tre)
    finally:
        tre.close()
    return [] if verdict.whole else [verdict.message]


def _holds(bundle: Path) -> bool:
    """What `tre request verify` says of it, anywhere."""
    with tempfile.TemporaryDirectory() as nowhere, redirect_stdout(StringIO()):
        return cli.main(["--home", nowhere, "request", "verify", str(bundle), "--json"]) == 0
