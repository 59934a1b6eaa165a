"""What the outputs of a request reveal together, and with those that the project released before.

Each table is made again from the project's extract, as in the check of a single output; a table
that cannot be made again has failed by itself and is left out here. An earlier release shows what
left, and not what the extract of today would give.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any

from output_checks import Declaration, OutputCheckError, Policy, Table
from output_checks.linked import LinkedReport, check_together
from tre.safe_outputs.arithmetic import placed
from tre.safe_outputs.earlier_release import earlier_release, made, not_made
from tre.safe_outputs.file_check import REVIEW, FileCheck, finding, worst
from tre.safe_outputs.recomputation import Submitted

MOST_TABLES = 60
"""Outputs and earlier releases that are compared; a person looks where there are more."""

PAIRS_SECONDS = 30.0
"""For comparisons with single releases, after that of all together."""

Findings = Mapping[str, list[dict[str, Any]]]


def found_together(outputs: Sequence[Submitted], released: Sequence[Submitted]) -> Findings:
    """Findings of several outputs by their names; released ones are those that are out already.

    An output is here when it was declared; its content does not matter. That of a released one is
    what left; without it, it is what today's extract gives.
    """
    new = [output for output in outputs if output.declaration]
    if not new or len(new) + len(released) < 2:
        return {}
    if len(new) + len(released) > MOST_TABLES:
        why = f"there are {len(new) + len(released)} tables, more than {MOST_TABLES}"
        return not_compared(outputs, why)
    tables = dict(_tables(new))
    if not tables:
        return {}
    policy = Policy.strictest(
        [Policy.named(new[0].policy), *(table.policy for table in tables.values())]
    )
    earlier = [
        earlier_release(one, policy)
        for one in released
        if one.name not in tables and not _is_noisy(one)
    ]
    before = {one.name: one.table for one in earlier if one.table is not None}
    try:
        report = check_together(tables, policy, released=before)
    except OutputCheckError as error:
        return not_compared(outputs, str(error))
    unseen = list(not_made(earlier))
    one_by_one = _OneByOne(policy=policy, released=before, until=monotonic() + PAIRS_SECONDS)
    return {
        name: [
            *one_by_one.also(name, table, _plain(report, name)),
            *(found for one in earlier for found in one.findings(table, name, policy.threshold)),
            *unseen,
        ]
        for name, table in tables.items()
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class _OneByOne:
    """Compares outputs with single releases, where a finding of all together speaks of others.

    Each group of people is found once, in the shortest way: that way may not name a release which
    tells of the same people. until: by the clock, when to stop.
    """

    policy: Policy
    released: Mapping[str, Table]
    until: float

    def also(
        self, name: str, table: Table, found: list[dict[str, Any]]
    ) -> Iterator[dict[str, Any]]:
        """The findings of an output, and those of it beside each release that none of them names.

        Where nothing was found with all of them together, there is nothing with one of them.
        """
        yield from found
        named = {other for one in found for other in one["beside"]}
        left = [one for one in self.released if found and one not in named]
        for at, release in enumerate(left):
            if monotonic() > self.until:
                yield _not_one_by_one(left[at:])
                return
            beside = {release: self.released[release]}
            report = check_together({name: table}, self.policy, released=beside)
            yield from _plain(report, name)


def _not_one_by_one(names: Sequence[str]) -> dict[str, Any]:
    message = (
        f"There was no time to compare this output with each release by itself: {len(names)} are "
        "left. With all of them together it was compared."
    )
    remedy = "Lay them beside this output: does one less the other leave a small group?"
    return finding("differencing", REVIEW, message, remedy) | {"beside": list(names)}


def not_compared(outputs: Iterable[Submitted], why: str) -> Findings:
    """Say on every declared output that a person must look at them together.

    Their findings are beside no output: nothing was compared with any.
    """
    message = f"The outputs could not be checked together: {why}."
    remedy = "Look at the tables side by side: does one less another leave a small group?"
    review = finding("linked_tables", REVIEW, message, remedy) | {"beside": None}
    return {output.name: [review] for output in outputs if output.declaration}


def with_findings(check: FileCheck, found: Sequence[Mapping[str, Any]]) -> FileCheck:
    """A file's check with what was found of it together with others."""
    stored = check.to_dict()
    stored["findings"] = [*stored["findings"], *map(dict, found)]
    severities = [check.verdict, *(str(one["severity"]) for one in found)]
    return FileCheck.from_dict(stored | {"verdict": worst(severities)})


def _tables(outputs: Iterable[Submitted]) -> Iterator[tuple[str, Table]]:
    for output in outputs:
        table = None if _is_noisy(output) else made(output)
        if table is not None:
            yield output.name, table


def _is_noisy(output: Submitted) -> bool:
    """Whether its numbers were drawn with noise, which differencing sees nothing of."""
    try:
        declared = Declaration.from_json(output.declaration or "").protection or {}
    except OutputCheckError:
        return False
    return declared.get("method") == "noise"


def _plain(report: LinkedReport, name: str) -> list[dict[str, Any]]:
    return [placed(one, name) for one in report.findings if name in one.outputs]
