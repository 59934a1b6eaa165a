"""Gather the evidence about a linkage for an auditor, from every record that there is."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select

from tre.five_safes import Subject
from tre.safe_data import world
from tre.safe_data.linking.audit.files import files_of_run, permissions
from tre.safe_data.linking.audit.pack import AuditPack, Records, audit_pack
from tre.safe_data.linking.separation.record import read_runs
from tre.safe_data.linking.transfer import Transfer
from tre.safe_projects.project import Project
from tre.steps.acting import Act, acting
from tre.steps.make_extract import pseudonym_key
from tre.steps.separation import TAG as SEPARATION
from tre.steps.separation import look, the_book
from tre.steps.tre import Tre
from tre.steps.verify_ledger import verify_ledger
from tre.store.ledger import LedgerEntry
from tre.store.ledger_reading import entries
from tre.store.projects import read_projects
from tre.store.tables import releases, requests
from tre.store.tables import transfers as transfer_rows
from tre.vocabulary import Action, PersonId, ProjectId

TAG = "data:linkage:audit"
"""The ledger's tag of an evidence pack that was made."""
_ABOUT_LINKAGES = frozenset(
    {Action.RUN_LINKAGE, Action.VIEW_LINKAGE, "data:transfer:record", SEPARATION, TAG}
)
_ABOUT_PROJECTS = frozenset(
    {
        Action.MAKE_EXTRACT,
        Action.DESTROY_EXTRACT,
        Action.START_SESSION,
        Action.RECORD_PROJECT,
        Action.END_PROJECT,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """What one transaction read; the disk is looked at after it."""

    book: tuple[Transfer, ...]
    transfers: tuple[Mapping[str, Any], ...]
    extracts: tuple[Mapping[str, Any], ...]
    destroyed: tuple[Mapping[str, Any], ...]
    ledger: tuple[Mapping[str, Any], ...]
    releases: tuple[Mapping[str, Any], ...]


def audit_linkage(tre: Tre, actor: PersonId, linkage: str) -> AuditPack:
    """Make the evidence pack of one linkage; that it was made, and for whom, is on the ledger.

    The records are read in one transaction; the disk is looked at after it, which takes seconds.
    Raises RefusedError with every reason, NotThereError for a linkage that is not known.
    """
    known = world.linkage(linkage)
    with acting(tre, actor, Action.VIEW_LINKAGE) as act:
        act.require(Subject())
        read = _read(act, known.id)
    parties = tre.folders.parties
    runs = read_runs(parties, known.id)
    pack = audit_pack(
        Records(
            linkage=known,
            made_at=tre.now().isoformat(timespec="seconds"),
            made_by=actor,
            proof=look(tre, read.book, known.id),
            runs=runs,
            transfers=read.transfers,
            permissions=permissions(parties, tre.folders.keys),
            files=files_of_run(parties, runs[-1]) if runs else (),
            ledger=read.ledger,
            verdict=asdict(verify_ledger(tre)),
            extracts=read.extracts,
            destroyed=read.destroyed,
            releases=read.releases,
            waiting=world.objections_waiting(parties, known.id, tre.now().date()),
        )
    )
    with acting(tre, actor, Action.VIEW_LINKAGE) as act:
        act.require(Subject())
        told = {"linkage": known.id, "holds": pack.holds, "against": list(pack.against())}
        act.record(told, tag=TAG)
    return pack


def _read(act: Act, linkage: str) -> _Read:
    projects = read_projects(act.connection)
    lines = entries(act.connection)
    moved = _transfers(act, linkage)
    served = {p for p in projects if any(f"project {p}" in each["purpose"] for each in moved)}
    extracts = tuple(_extracts(act.tre, linkage, projects, lines, served))
    concerned = {each["project"] for each in extracts}
    return _Read(
        book=the_book(act),
        transfers=moved,
        extracts=extracts,
        destroyed=tuple(_destroyed(lines, concerned)),
        ledger=tuple(_plain(line) for line in lines if _is_about(line, linkage, concerned)),
        releases=_releases(act, concerned),
    )


def _transfers(act: Act, linkage: str) -> tuple[Mapping[str, Any], ...]:
    query = select(transfer_rows).where(transfer_rows.c.linkage == linkage)
    found = act.connection.execute(query.order_by(transfer_rows.c.number)).mappings()
    return tuple({**row, "on": row["on"].isoformat()} for row in found)


def _is_about(line: LedgerEntry, linkage: str, projects: set[ProjectId]) -> bool:
    if line.tag in _ABOUT_LINKAGES:
        return line.details.get("linkage") in {linkage, "all"} or line.outcome == "refused"
    return line.tag in _ABOUT_PROJECTS and line.project in projects


def _plain(line: LedgerEntry) -> Mapping[str, Any]:
    return {
        "number": line.number,
        "at": line.at.isoformat(timespec="seconds"),
        "actor": line.actor,
        "tag": line.tag,
        "outcome": line.outcome,
        "project": line.project,
    }


def _destroyed(
    lines: tuple[LedgerEntry, ...], projects: set[ProjectId]
) -> Iterator[Mapping[str, Any]]:
    """Every version of an extract that was destroyed, with what the ledger keeps as its proof."""
    for line in reversed(lines):
        told = line.details
        if line.tag == Action.DESTROY_EXTRACT and line.project in projects and "version" in told:
            yield {
                "project": line.project,
                "version": told["version"],
                "at": line.at.isoformat(timespec="seconds"),
                "by": line.actor,
                "reason": told["reason"],
                "people": told["people"],
                "files": len(told["as_made"]),
                "were_as_made": told["as_made"].items() <= told["destroyed"].items(),
            }


def _releases(act: Act, projects: set[ProjectId]) -> tuple[Mapping[str, Any], ...]:
    """What left from these projects, revoked or not, the oldest first."""
    query = (
        select(releases, requests.c.project, requests.c.title)
        .join(requests, requests.c.id == releases.c.request)
        .where(requests.c.project.in_(sorted(projects)))
        .order_by(releases.c.request)
    )
    return tuple(
        {
            **row,
            "released_at": row["released_at"].isoformat(timespec="seconds"),
            "revoked_at": row["revoked_at"] and row["revoked_at"].isoformat(timespec="seconds"),
        }
        for row in act.connection.execute(query).mappings()
    )


def _extracts(
    tre: Tre,
    linkage: str,
    projects: Mapping[ProjectId, Project],
    lines: tuple[LedgerEntry, ...],
    served: set[ProjectId],
) -> Iterator[Mapping[str, Any]]:
    """Every extract from this linkage: those on disk, and those on the ledger that are gone.

    served: projects for which the book says that something was sent under this linkage.
    """
    for project in projects.values():
        folder = tre.folders.extracts(project.id)
        there = dict(_on_disk(folder))
        ours = {name: told for name, told in there.items() if _version_of(told, linkage)}
        made = {
            str(line.details.get("version")): line.details
            for line in lines
            if line.tag == Action.MAKE_EXTRACT and line.project == project.id
        }
        gone = {n: told for n, told in made.items() if n not in there}
        gone = gone if ours or project.id in served else {}
        for name, told in sorted({**ours, **gone}.items()):
            has_key = (tre.folders.keys / pseudonym_key(project.id)).exists()
            yield _extract(project, name, told) | {
                "linkage_version": _version_of(told, linkage),
                "on_disk": name in ours,
                "key": "kept" if has_key else "destroyed",
            }


def _on_disk(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """The manifests of a project's extracts, plain, by version; what cannot be read is left out."""
    for file in sorted(folder.glob("*/manifest.json")):
        try:
            yield file.parent.name, json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue


def _version_of(manifest: Mapping[str, Any], linkage: str) -> str:
    """Which run of this linkage an extract was made from, alone or beside others; "" for none."""
    sources = manifest.get("sources", ())
    return next((str(each["version"]) for each in sources if each["linkage"] == linkage), "")


def _extract(project: Project, version: str, told: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "project": project.id,
        "title": project.title,
        "purpose": project.public_benefit,
        "legal_gateway": project.legal_gateway,
        "ethics_reference": project.ethics_reference,
        "state": str(project.state),
        "version": version,
        "people": told.get("people", ""),
        "variables": ", ".join(told.get("variables", ())),
    }
