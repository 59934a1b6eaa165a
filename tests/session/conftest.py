"""A session's four folders, with a small extract of 24 invented people."""

import json
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from tests.session.fake_courier import FakeCourier, accept_everything
from tre.session.whereabouts import Session

PEOPLE = 24


def make_session_folders(top: Path) -> dict[str, str]:
    """Make the folders and give the variables that a session is started with."""
    for name in ("data", "workspace", "outbox", "replies"):
        (top / name).mkdir()
    linked = pl.DataFrame(
        {
            "person_id": [f"p{number:02}" for number in range(PEOPLE)],
            "sex": ["Female", "Male"] * (PEOPLE // 2),
            "diagnosis_group": ["Mood (F30-F39)"] * 12 + ["Other"] * 12,
            "ks4_attainment8": [40.0 + number for number in range(PEOPLE)],
        }
    )
    linked.write_parquet(top / "data" / "linked.parquet")
    manifest = {
        "version": "2026-11-22-1",
        "unit": "person_id",
        "policy": "srs",
        "synthetic": False,
        "tables": [{"name": "linked", "description": "One row a person"}],
    }
    (top / "data" / "manifest.json").write_text(json.dumps(manifest))
    return {
        "TRE_PERSON": "ada",
        "TRE_PROJECT": "early-onset-psychosis",
        "TRE_PROJECT_TITLE": "Early-onset psychosis and attainment",
        "TRE_POLICY": "srs",
        "TRE_DESK_URL": "http://127.0.0.1:8001",
        "TRE_DATA": str(top / "data"),
        "TRE_WORKSPACE": str(top / "workspace"),
        "TRE_OUTBOX": str(top / "outbox"),
        "TRE_REPLIES": str(top / "replies"),
    }


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Session:
    variables = make_session_folders(tmp_path)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    return Session.here(variables)


@pytest.fixture
def courier(here: Session) -> Iterator[FakeCourier]:
    with FakeCourier(here.outbox, here.replies, accept_everything) as running:
        yield running
