"""How good a linkage was, against the truth that only the simulator knows."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class MissedGroup:
    """Of the people of one group who could have been matched, how many were missed.

    linkable: people whose identifiers were sent and who have a record in the register.
    missed: those of them who were not matched with their own record. rate: missed / linkable.
    """

    value: str
    linkable: int
    missed: int
    rate: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkageReport:
    """Match rate, coverage and quality of the latest run of a linkage; shares are from 0 to 1.

    coverage: share of those sent who have a record in the register at all.
    match_rate: share of those sent who were matched, rightly or wrongly.
    precision: share of the matches that are right, None where nobody was matched. recall: share of
    the possible ones found, None where nobody could be. f1: their harmonic mean.
    false_matches, missed_matches: people. patients_among_controls: covered patients whose
    records a researcher meets as a control's, because their match was missed.
    uncovered_among_controls: other SLaM patients there, whom the linkage does not cover: their
    identifiers are never sent, so that the holder cannot know them. by_nhs_number: matches that
    an NHS number and something else vouch for; the others are the model's.
    period: the earlier agreement under which it was run, "" for the newest.
    missed: by sex, ethnic_group, deprivation (IMD quintile) and age (at first referral).
    """

    linkage: str
    version: str
    on: str
    sent: int
    matched: int
    coverage: float
    match_rate: float
    precision: float | None
    recall: float | None
    f1: float | None
    false_matches: int
    missed_matches: int
    patients_among_controls: int
    uncovered_among_controls: int
    by_nhs_number: int
    missed: dict[str, tuple[MissedGroup, ...]]
    period: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON."""
        return asdict(self)
