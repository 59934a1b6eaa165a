"""Is what is held what was granted, whole, lawful, separate, and of nobody who objects?"""

import hashlib
import stat
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from sqlalchemy import select

from tre.safe_data import world
from tre.safe_data.catalogue import catalogue
from tre.safe_data.extracts.manifest import Manifest, read_manifest
from tre.safe_projects.project import Project
from tre.steps.assessing.check import Check, check
from tre.steps.extracts import extract_of
from tre.steps.make_extract import granted_variables, granted_years, project_key
from tre.steps.separation import prove_separation
from tre.steps.tre import Tre
from tre.store.projects import read_projects
from tre.store.tables import transfers
from tre.vocabulary import PersonId


def separation_kept(tre: Tre, actor: PersonId) -> Iterable[str]:
    """Places where identifiers and health records met."""
    for each in prove_separation(tre, actor).violations:
        yield f"{each.where}: {each.why} ({each.rule})"


def transfers_lawful(tre: Tre, actor: PersonId) -> Iterable[str]:
    """Transfers that are recorded without a purpose, a legal basis or a hash."""
    _ = actor
    with tre.store.reading() as connection:
        rows = connection.execute(select(transfers)).mappings().all()
    for row in rows:
        needed = ("purpose", "legal_basis", "sha256", "columns")
        if missing := [name for name in needed if not row[name]]:
            yield f"transfer {row['number']} ({row['linkage']}) has no {', '.join(missing)}"


def extracts_whole(tre: Tre, actor: PersonId) -> Iterable[str]:
    """Extracts of which a file is not what the manifest says."""
    _ = actor
    for project, extract, manifest in _extracts(tre):
        for table in manifest.tables:
            if _sha256(extract / table.file) != table.sha256:
                yield f"{project.id}, {extract.name}: {table.file} is not what its manifest says"


def extracts_minimal(tre: Tre, actor: PersonId) -> Iterable[str]:
    """Extracts with a variable or years that were not granted."""
    _ = actor
    for project, extract, manifest in _extracts(tre):
        if project.practice:
            continue
        keys = {f"{table.name}.{manifest.unit}" for table in manifest.tables}
        more = set(manifest.variables) - set(granted_variables(project)) - keys
        if more:
            yield f"{project.id}, {extract.name}: not granted: {', '.join(sorted(more))}"
        for dataset, span in granted_years(project).items():
            if tuple(manifest.years.get(dataset, span)) != span:
                yield f"{project.id}, {extract.name}: {dataset} has other years than were granted"


def grants_in_catalogue(tre: Tre, actor: PersonId) -> Iterable[str]:
    """Variables that a project was granted and that the catalogue does not describe."""
    _ = actor
    known = {name for dataset in catalogue() for name in dataset.variables()}
    with tre.store.reading() as connection:
        projects = read_projects(connection)
    for project in projects.values():
        if strange := sorted(set(granted_variables(project)) - known):
            yield f"{project.id} was granted what is in no catalogue: {', '.join(strange)}"


def extracts_read_only(tre: Tre, actor: PersonId) -> Iterable[str]:
    """Extracts that accounts other than the environment's could change."""
    _ = actor
    for project, extract, manifest in _extracts(tre):
        files = (extract, *(extract / table.file for table in manifest.tables))
        for file in files:
            if file.exists() and stat.S_IMODE(file.lstat().st_mode) & 0o022:
                yield f"{project.id}, {extract.name}: {file.name} can be changed by others"


def nobody_who_objects(tre: Tre, actor: PersonId) -> Iterable[str]:
    """Extracts that hold people who object, and versions that should be destroyed by now."""
    _ = actor
    for project, extract, manifest in _extracts(tre):
        if manifest.synthetic:
            continue
        folder = tre.folders.extracts(project.id)
        for one in world.extract_versions(folder, extract.name):
            version = one
            if one.current and manifest.sources:
                count = world.objecting_in(
                    tre.folders.parties, extract, project_key(tre, project.id), tre.now().date()
                )
                version = replace(one, objecting=count)
            if version.must_go:
                people = version.objecting or version.gone
                yield (
                    f"{project.id}, {version.version}: {people} people in it object or have left: "
                    "make the extract again and destroy this version"
                )


def _extracts(tre: Tre) -> Iterator[tuple[Project, Path, Manifest]]:
    """The extract that each project works on now."""
    with tre.store.reading() as connection:
        projects = read_projects(connection)
    for project in projects.values():
        extract = extract_of(tre, project.id)
        if extract is not None:
            yield project, extract, read_manifest(extract)


def _sha256(file: Path) -> str | None:
    try:
        with file.open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError:
        return None


CHECKS: tuple[Check, ...] = (
    check(
        "separation-kept",
        "Identifiers and health records met nowhere.",
        separation_kept,
        quick=False,
    ),
    check(
        "transfers-lawful",
        "Every transfer has its purpose, legal basis, columns and hash.",
        transfers_lawful,
    ),
    check(
        "extracts-whole", "Every extract is what its manifest says.", extracts_whole, quick=False
    ),
    check(
        "extracts-minimal",
        "No extract has a variable or a year that was not granted.",
        extracts_minimal,
    ),
    check(
        "grants-in-catalogue",
        "The catalogue describes every variable that was granted.",
        grants_in_catalogue,
    ),
    check("extracts-read-only", "No extract can be changed by others.", extracts_read_only),
    check(
        "nobody-who-objects",
        "Nobody who objects is in an extract.",
        nobody_who_objects,
        quick=False,
    ),
)
