"""The project's extract, as the session sees it: tables, dictionary, unit and policy."""

import difflib
import json
from pathlib import Path
from typing import Any

import polars as pl

from output_checks import Data
from tre.session.errors import NotHereError
from tre.session.listings import About
from tre.session.whereabouts import Session


def manifest(session: Session) -> dict[str, Any]:
    """Read what the extract says about itself.

    Raises NotHereError where the project has no extract.
    """
    file = session.data / "manifest.json"
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        message = (
            f"the project '{session.title}' has no extract in this session. A data linker makes "
            "it; stop the session and start it again once they have."
        )
        raise NotHereError(message) from error


def table_names(session: Session) -> tuple[str, ...]:
    """Name the tables of the extract, in the order of their names."""
    return tuple(sorted(file.stem for file in session.data.glob("*.parquet")))


def table_path(session: Session, name: str) -> Path:
    """Find one table's file.

    Raises NotHereError, naming the tables that are there and the likeliest one meant.
    """
    names = table_names(session)
    if name in names:
        return session.data / f"{name}.parquet"
    manifest(session)
    likely = difflib.get_close_matches(name, names, n=1)
    meant = f" Did you mean '{likely[0]}'?" if likely else ""
    message = f"the extract has no table '{name}'; it has {', '.join(names)}.{meant}"
    raise NotHereError(message)


def extract(session: Session, name: str) -> pl.LazyFrame:
    """Open one table without reading it: polars reads only what a query needs."""
    return pl.scan_parquet(table_path(session, name))


def checked_data(session: Session, name: str) -> Data:
    """Open one table for output_checks, which is told whose rows they are."""
    path, told = table_path(session, name), manifest(session)
    return Data.read(path, unit=told["unit"], name=name, policy=told.get("policy", session.policy))


def describe(session: Session) -> About:
    """Say what is in the session, from the extract's own manifest."""
    told = manifest(session)
    descriptions = _descriptions(told)
    return About(
        title=session.title,
        project=session.project,
        person=session.person,
        policy=session.policy,
        synthetic=bool(told.get("synthetic")),
        version=str(told.get("version", "")),
        unit=str(told["unit"]),
        tables=tuple(
            (name, _rows(session, name), descriptions.get(name, ""))
            for name in table_names(session)
        ),
    )


def _rows(session: Session, name: str) -> int:
    return extract(session, name).select(pl.len()).collect().item()


def _descriptions(told: dict[str, Any]) -> dict[str, str]:
    return {table["name"]: table.get("description", "") for table in told.get("tables", ())}
