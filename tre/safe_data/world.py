"""Safe Data as the steps see it: build the world, link it, extract from it."""

from datetime import date
from pathlib import Path
from typing import Any

from tre.safe_data import reidentification
from tre.safe_data.building import WorldSummary, build_world
from tre.safe_data.catalogue import Dataset, catalogue
from tre.safe_data.extracts import objecting
from tre.safe_data.extracts.extract import make
from tre.safe_data.extracts.manifest import Manifest, read_manifest
from tre.safe_data.extracts.request import ExtractRequest
from tre.safe_data.extracts.versions import Version as ExtractVersion
from tre.safe_data.extracts.versions import destroy_version, versions
from tre.safe_data.linkages import linkage, linkages
from tre.safe_data.linkages.linkage import Linkage
from tre.safe_data.linking.note_recall import MOST_NOTES, NoteMasking, measured_masking
from tre.safe_data.linking.report import LinkageReport
from tre.safe_data.linking.transfer import LinkageRun, Transfer
from tre.safe_data.parties import Parties
from tre.safe_data.progress import Progress, silent
from tre.safe_data.reidentification import ExtractRisk

__all__ = [
    "MOST_NOTES",
    "Dataset",
    "ExtractRequest",
    "ExtractRisk",
    "ExtractVersion",
    "Linkage",
    "LinkageReport",
    "LinkageRun",
    "Manifest",
    "NoteMasking",
    "Progress",
    "Transfer",
    "WorldSummary",
    "build",
    "catalogue",
    "destroy_extract",
    "extract_risk",
    "extract_versions",
    "has_run",
    "link",
    "linkage",
    "linkages",
    "make_extract",
    "note_masking",
    "objecting_in",
    "objections_waiting",
    "read_manifest",
    "report",
    "report_page",
    "synthetic_twin",
]


def build(parties: Path, *, people: int, seed: int, progress: Progress = silent) -> WorldSummary:
    """Simulate a population and fill the registers that the parties hold, in a new folder.

    The same people and seed give the same bytes. A world that was there before is replaced when
    the new one is whole. Raises UnusableRequestError for fewer than 1,000 or more than 3,000,000.
    """
    return build_world(parties, people, seed, progress)


def link(  # noqa: PLR0913 - a run is made of exactly these
    parties: Path,
    linkage_id: str,
    *,
    on: date,
    seed: int,
    backend: str = "duckdb",
    period: str = "",
    progress: Progress = silent,
) -> LinkageRun:
    """Run a linkage by its whole route; identifier files are destroyed whatever happens.

    on: the day, for objections and the record of transfers. The same seed gives the same bytes.
    backend: where splink compares, duckdb, or spark past one machine. period: the id of an earlier
    agreement of the linkage, "" for the newest. Raises NotThereError for an
    unknown linkage or period, UnusableRequestError for an unusable register.
    """
    from tre.safe_data.linking.matching import How  # noqa: PLC0415  splink is slow to import
    from tre.safe_data.linking.route import run_linkage  # noqa: PLC0415

    how = How(seed=seed, backend=backend)
    described = linkage(linkage_id).during(period)
    return run_linkage(parties, described, on=on, how=how, progress=progress)


def has_run(parties: Path, linkage_id: str) -> bool:
    """Whether this linkage was ever run to its end. Raises NotThereError for an unknown one."""
    described = linkage(linkage_id)
    return bool(Parties(home=parties).versions(described.id, described.place))


def report(parties: Path, linkage_id: str) -> LinkageReport:
    """How good the latest run of a linkage was, against the truth.

    Raises NotThereError for an unknown linkage, UnusableRequestError before its first run.
    """
    from tre.safe_data.linking.quality import measure  # noqa: PLC0415  splink is slow to import

    return measure(parties, linkage(linkage_id))


def report_page(parties: Path, linkage_id: str, told: LinkageReport) -> str:
    """The report on the latest run as a self-contained page, with splink's charts of its model."""
    from tre.safe_data.linking import report_page as page  # noqa: PLC0415
    from tre.safe_data.linking.quality import charts_of  # noqa: PLC0415

    described = linkage(linkage_id)
    return page.report_page(described, told, charts_of(parties, described))


def note_masking(parties: Path, most: int = MOST_NOTES) -> NoteMasking:
    """How well CRIS's notes are masked, against the truth; see `measured_masking`."""
    return measured_masking(parties, most)


def make_extract(parties: Path, *, into: Path, **asked: Any) -> Manifest:
    """Make a project's extract from the latest linkages: Parquet files and a manifest.

    asked: the fields of ExtractRequest. Its key, 16 bytes or more, keeps the pseudonyms from
    version to version. into: a folder that is not there yet, named after the version. The manifest
    lists what was brought together for it. Raises UnusableRequestError for an unknown variable, a
    version that is there, no linkage, or data of two places of which nothing says how they meet.
    """
    return make(Parties(home=parties), ExtractRequest(**asked), into)


def extract_risk(
    parties: Path, extract: Path, key: bytes, known: tuple[str, ...] = ()
) -> ExtractRisk:
    """How much an extract would give away, measured and attacked with what the simulator knows.

    key: the project's. known: what an attacker knows, () for what is usual. Raises
    UnusableRequestError for an extract without a table of people, or a column that is unknown.
    """
    return reidentification.extract_risk(parties, extract, key, known)


def objecting_in(parties: Path, extract: Path, key: bytes, on: date) -> int:
    """How many people of an extract object by this day, to what they are in it for.

    key: the project's. Raises UnusableRequestError for a folder that is no extract.
    """
    return objecting.objecting_in(parties, extract, key, on)


def objections_waiting(parties: Path, linkage_id: str, on: date) -> int:
    """How many people of the latest run of a linkage object by this day: run it again.

    Raises NotThereError for an unknown linkage.
    """
    return objecting.waiting(parties, linkage(linkage_id), on)


def extract_versions(folder: Path, current: str | None) -> tuple[ExtractVersion, ...]:
    """The versions of an extract in a project's folder, and whether each must be destroyed."""
    return versions(folder, current)


def destroy_extract(folder: Path, version: str) -> tuple[Manifest, dict[str, str]]:
    """Destroy a version: its manifest, and the SHA-256 of every file that is gone.

    Raises NotThereError for a version that is not there.
    """
    return destroy_version(folder, version)


def synthetic_twin(
    extract: Path,
    into: Path,
    *,
    seed: int,
    project: str | None = None,
    progress: Progress = silent,
) -> Manifest:
    """Write a synthetic twin of an extract, for practice: the same tables and columns, nobody real.

    project: whose extract the twin will be; the original's where it is not said. Takes seconds to a
    minute; at most 10,000 people. The same seed gives the same bytes.
    Raises UnusableRequestError where the extra `synthetic` (SDV) is not installed.
    """
    from tre.safe_data.extracts.twin import make_twin  # noqa: PLC0415  only who makes one needs it

    return make_twin(extract, into, seed=seed, project=project, progress=progress)
