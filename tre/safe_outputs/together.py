"""What the outputs of a request reveal together, and with those that the project released before.

Each table is made again from the project's extract, as in the check of a single output; a table
that cannot be made again has failed by itself and is left out here.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from polars.exceptions import PolarsError

from output_checks import Declaration, OutputCheckError, Policy, Table, rebuild
from output_checks.linked import LinkedReport, check_together
from tre.safe_outputs.file_check import REVIEW, FileCheck, finding, worst
from tre.safe_outputs.recomputation import Extract, NotRebuiltError, Submitted

MOST_TABLES = 60
"""Outputs and earlier releases that are compared; a person looks where there are more."""

Findings = Mapping[str, list[dict[str, Any]]]


def found_together(outputs: Sequence[Submitted], released: Sequence[Submitted]) -> Findings:
    """Findings of several outputs by their names; released ones are those that are out already.

    An output is here when it was declared; its content does not matter.
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
    before = {name: table for name, table in _tables(released) if name not in tables}
    try:
        report = check_together(tables, policy, released=before)
    except OutputCheckError as error:
        return not_compared(outputs, str(error))
    missing = [one.name for one in released if one.name not in before and not _is_noisy(one)]
    unseen = [_unseen(missing)] if missing else []
    return {name: [*_plain(report, name), *unseen] for name in tables}


def _unseen(names: Sequence[str]) -> dict[str, Any]:
    """Say that earlier releases could not be taken into account: a person must."""
    message = (
        f"{len(names)} earlier releases could not be made again from today's extract, and were not "
        f"compared: {', '.join(names[:3])}{' …' if len(names) > 3 else ''}."
    )
    remedy = "Lay them beside this output: does one less the other leave a small group?"
    return finding("differencing", REVIEW, message, remedy)


def not_compared(outputs: Iterable[Submitted], why: str) -> Findings:
    """Say on every declared output that a person must look at them together."""
    message = f"The outputs could not be checked together: {why}."
    remedy = "Look at the tables side by side: does one less another leave a small group?"
    review = finding("linked_tables", REVIEW, message, remedy)
    return {output.name: [review] for output in outputs if output.declaration}


def with_findings(check: FileCheck, found: Sequence[Mapping[str, Any]]) -> FileCheck:
    """A file's check with what was found of it together with others."""
    stored = check.to_dict()
    stored["findings"] = [*stored["findings"], *map(dict, found)]
    severities = [check.verdict, *(str(one["severity"]) for one in found)]
    return FileCheck.from_dict(stored | {"verdict": worst(severities)})


def _tables(outputs: Iterable[Submitted]) -> Iterator[tuple[str, Table]]:
    for output in outputs:
        try:
            declaration = Declaration.from_json(output.declaration or "")
            if output.extract is None or _is_noisy(output):
                continue
            data = Extract.read(output.extract).table(declaration.dataset)
            yield output.name, rebuild(declaration, data, Policy.named(declaration.policy))
        except (NotRebuiltError, OutputCheckError, PolarsError):
            continue


def _is_noisy(output: Submitted) -> bool:
    """Whether its numbers were drawn with noise, which differencing sees nothing of."""
    try:
        declared = Declaration.from_json(output.declaration or "").protection or {}
    except OutputCheckError:
        return False
    return declared.get("method") == "noise"


def _plain(report: LinkedReport, name: str) -> list[dict[str, Any]]:
    return [one.to_dict() for one in report.of(name)]
