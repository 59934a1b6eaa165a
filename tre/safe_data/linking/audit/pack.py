"""The pack as values: five headings, each with what is asked and the evidence for it."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from tre.safe_data.linkages.linkage import Linkage
from tre.safe_data.linking.audit.files import FileState, Permission
from tre.safe_data.linking.separation.kinds import kind_by_name
from tre.safe_data.linking.separation.proof import SeparationProof
from tre.safe_data.linking.separation.record import RunRecord

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """What a pack is made from, gathered by who may read it.

    made_at: in words of ISO 8601. runs: of this linkage, oldest first. transfers: as the book has
    them, plain. ledger: entries about this linkage, plain, newest first. verdict: of the whole
    ledger: whole, entries, message. extracts, releases: plain, one mapping each. destroyed:
    versions of extracts that are gone, with their proof. waiting: people of the latest run who
    object by now.
    """

    linkage: Linkage
    made_at: str
    made_by: str
    proof: SeparationProof
    runs: tuple[RunRecord, ...]
    transfers: tuple[Mapping[str, Any], ...]
    permissions: tuple[Permission, ...]
    files: tuple[FileState, ...]
    ledger: tuple[Mapping[str, Any], ...]
    verdict: Mapping[str, Any]
    extracts: tuple[Mapping[str, Any], ...]
    destroyed: tuple[Mapping[str, Any], ...]
    releases: tuple[Mapping[str, Any], ...]
    waiting: int = 0

    def letters(self) -> tuple[Mapping[str, Any], ...]:
        """The transfers of identifiers in the book."""
        listed = self.linkage.identifiers
        return tuple(
            each
            for each in self.transfers
            if any(kind_by_name(column, listed) for column in each["columns"])
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibit:
    """One piece of evidence: a table, and what it shows.

    holds: whether it speaks for the linkage; None where it only tells.
    """

    title: str
    says: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    holds: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What an auditor asks about, and the answers."""

    name: str
    asks: str
    exhibits: tuple[Exhibit, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing under it speaks against the linkage."""
        return all(exhibit.holds is not False for exhibit in self.exhibits)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditPack:
    """The evidence about one linkage, for somebody who was not there."""

    linkage: str
    title: str
    made_at: str
    made_by: str
    headings: tuple[Heading, ...]

    @property
    def holds(self) -> bool:
        """Whether no evidence speaks against the linkage."""
        return all(heading.holds for heading in self.headings)

    def against(self) -> tuple[str, ...]:
        """Titles of what speaks against it."""
        return tuple(
            exhibit.title
            for heading in self.headings
            for exhibit in heading.exhibits
            if exhibit.holds is False
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON; each table as a list of mappings."""
        plain = asdict(self)
        for heading in plain["headings"]:
            for exhibit in heading["exhibits"]:
                columns = exhibit.pop("columns")
                exhibit["rows"] = [dict(zip(columns, row, strict=True)) for row in exhibit["rows"]]
        return plain | {"holds": self.holds, "against": list(self.against())}


def audit_pack(records: Records) -> AuditPack:
    """Lay the evidence out under the headings of an audit of 2021, and use against purpose."""
    return AuditPack(
        linkage=records.linkage.id,
        title=records.linkage.title,
        made_at=records.made_at,
        made_by=records.made_by,
        headings=tuple(
            Heading(name=name, asks=asks, exhibits=tuple(exhibit(records) for exhibit in exhibits))
            for name, asks, exhibits in HEADINGS
        ),
    )


def _transfers(records: Records) -> Exhibit:
    names = ("number", "on", "sender", "receiver", "purpose", "columns", "rows", "legal_basis",
             "sha256")  # fmt: skip
    rows = tuple(
        tuple(", ".join(each[name]) if name == "columns" else each[name] for name in names)
        for each in records.transfers
    )
    has_basis = all(each["legal_basis"] for each in records.transfers)
    return Exhibit(
        title="Transfers",
        says="Every file that one organisation gave to another, with its legal basis and hash.",
        columns=names,
        rows=rows,
        holds=has_basis,
    )


def _separation(records: Records) -> Exhibit:
    rows = tuple(
        (
            each.says,
            "held" if each.held else "violated",
            each.looked_at,
            "; ".join(f"{violation.where} {violation.why}" for violation in each.violations),
        )
        for each in records.proof.statements
    )
    return Exhibit(
        title="Separation",
        says=(
            "That no party held identifiers of people it did not know together with the other "
            "party's attributes: looked up in the record and in every folder when this was made."
        ),
        columns=("rule", "result", "looked_at", "where_and_why"),
        rows=rows,
        holds=records.proof.holds,
    )


def _destruction(records: Records) -> Exhibit:
    destroyed = {digest: run.version for run in records.runs for digest in run.destroyed}
    rows = tuple(
        (each["on"], each["rows"], each["sha256"], destroyed.get(each["sha256"], "not destroyed"))
        for each in records.letters()
    )
    return Exhibit(
        title="Destruction of identifiers",
        says="Every file of identifiers that was sent, and the version of the run that ended it.",
        columns=("sent_on", "people", "sha256", "destroyed_by_version"),
        rows=rows,
        holds=all(each["sha256"] in destroyed for each in records.letters()),
    )


def _files(records: Records) -> Exhibit:
    rows = tuple(
        (each.path, each.recorded, each.found, "yes" if each.is_as_recorded else "no")
        for each in records.files
    )
    return Exhibit(
        title="Files of the latest run",
        says="Every file that the latest run brought, hashed again and held against its record.",
        columns=("file", "recorded_sha256", "found_sha256", "as_recorded"),
        rows=rows,
        holds=all(each.is_as_recorded for each in records.files) and bool(records.files),
    )


def _book(records: Records) -> Exhibit:
    """Whether what the runs say that they sent is in the book of transfers."""
    kept = {(each["sha256"], each["receiver"]) for each in records.transfers}
    rows = tuple(
        (run.version, len(run.transfers),
         sum((t.sha256, t.receiver) not in kept for t in run.transfers))
        for run in records.runs
    )  # fmt: skip
    return Exhibit(
        title="Runs against the book of transfers",
        says="Every run's own account of what it sent, and how much of it the book lacks.",
        columns=("version", "transfers", "missing_in_the_book"),
        rows=rows,
        holds=not any(missing for _, _, missing in rows),
    )


def _verified(records: Records) -> Exhibit:
    verdict = records.verdict
    return Exhibit(
        title="Ledger",
        says="The whole chain of what was done and refused, read and verified again.",
        columns=("whole", "entries", "message"),
        rows=(("yes" if verdict["whole"] else "no", verdict["entries"], verdict["message"]),),
        holds=bool(verdict["whole"]),
    )


def _opt_outs(records: Records) -> Exhibit:
    names = ("covered", "opted_out", "sent", "matched", "withheld", "out_of_time", "controls")
    rows = tuple(
        (run.version, run.told["on"], *(run.told.get(n, "") for n in names)) for run in records.runs
    )
    return Exhibit(
        title="Objections honoured",
        says=(
            "How many of those covered objected before anything left, at each run; withheld are "
            "records that the holder kept back. Numbers of people, nobody named. "
            f"{records.waiting:,} people of the latest run object by today and wait for the next."
        ),
        columns=("version", "on", *names),
        rows=rows,
        holds=not records.waiting
        and all(
            run.told["covered"] == run.told["opted_out"] + run.told["sent"] for run in records.runs
        ),
    )


def _outdated(records: Records) -> Exhibit:
    latest = records.runs[-1].version if records.runs else ""
    rows = tuple(
        (each["project"], each["version"], each["linkage_version"], latest)
        for each in records.extracts
        if each["on_disk"] and each["linkage_version"] != latest
    )
    return Exhibit(
        title="Extracts of earlier runs that are still there",
        says=(
            "Whoever objected since is in these and in no later one: to be made anew, and the "
            "old versions destroyed."
        ),
        columns=("project", "extract", "made_from_version", "latest_version"),
        rows=rows,
    )


def _destroyed(records: Records) -> Exhibit:
    names = ("project", "version", "at", "by", "reason", "people", "files", "were_as_made")
    rows = tuple(tuple(each[name] for name in names) for each in records.destroyed)
    return Exhibit(
        title="Extracts that were destroyed",
        says="Versions that are gone, and whether the files that went were those that were made.",
        columns=names,
        rows=rows,
        holds=all(each["were_as_made"] for each in records.destroyed),
    )


def _closed(records: Records) -> Exhibit:
    rows = tuple(
        (each.path, each.what, f"{each.mode:04o}", f"{each.at_most:04o}",
         "yes" if each.is_closed else "no")
        for each in records.permissions
    )  # fmt: skip
    return Exhibit(
        title="Keys and identifiers are closed",
        says="Who may open what names people, and the keys that make pseudonyms.",
        columns=("path", "what", "mode", "at_most", "closed"),
        rows=rows,
        holds=all(each.is_closed for each in records.permissions),
    )


def _read(records: Records) -> Exhibit:
    names = ("number", "at", "actor", "tag", "outcome", "project")
    rows = tuple(tuple(each[name] or "" for name in names) for each in records.ledger)
    return Exhibit(
        title="Who ran it, who read it, who was refused",
        says="The ledger's entries about this linkage, its extracts and the sessions on them.",
        columns=names,
        rows=rows,
    )


def _extracts(records: Records) -> Exhibit:
    names = ("project", "title", "purpose", "legal_gateway", "ethics_reference", "state",
             "version", "linkage_version", "people", "variables", "on_disk", "key")  # fmt: skip
    rows = tuple(tuple(each[name] for name in names) for each in records.extracts)
    ended = [each for each in records.extracts if each["state"] == "ended"]
    return Exhibit(
        title="Extracts and what they are for",
        says=(
            "Every extract that was made from this linkage, with its project's purpose and legal "
            "gateway. The key of an ended project's pseudonyms must be gone."
        ),
        columns=names,
        rows=rows,
        holds=all(each["key"] == "destroyed" for each in ended),
    )


def _releases(records: Records) -> Exhibit:
    names = ("request", "project", "title", "name", "sha256", "released_at", "revoked_at")
    rows = tuple(tuple(each[name] or "" for name in names) for each in records.releases)
    return Exhibit(
        title="What left the environment",
        says="Every release of the projects that have an extract from this linkage.",
        columns=names,
        rows=rows,
    )


Shows = Callable[[Records], Exhibit]
HEADINGS: tuple[tuple[str, str, tuple[Shows, ...]], ...] = (
    (
        "Confidentiality",
        "Did identifiers go only where the law lets them, and never together with records?",
        (_transfers, _separation, _destruction),
    ),
    (
        "Integrity",
        "Are data and records still what they were when they were written?",
        (_files, _book, _verified),
    ),
    (
        "Duty of care",
        "Were people who objected left out, and are they left out of what was made before?",
        (_opt_outs, _outdated, _destroyed),
    ),
    (
        "Data kept safe and secure",
        "Who can open what, and who did?",
        (_closed, _read),
    ),
    (
        "Use against purpose",
        "Is what was taken out used for what was approved, and for nothing else?",
        (_extracts, _releases),
    ),
)
"""The headings of NHS Digital's audit of September 2021, and use against the approved purpose."""
