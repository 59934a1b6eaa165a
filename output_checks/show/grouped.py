"""Findings of one rule told together: a table of many small cells has one line for them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from output_checks.finding import Finding

FEW = 2
"""Up to this many findings of one kind are told one by one."""


def grouped(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Join the findings of single cells that share rule, severity, statistic and remedy.

    The joined one has all their cells, in order, and says how many they are before the first
    message; every cell keeps its own message where findings are shown on cells. What is found of
    the same cells in several statistics is told once, with their names.
    """
    kinds: dict[tuple[object, ...], list[Finding]] = {}
    for number, finding in enumerate(_over_statistics(findings)):
        remedy = finding.remedy if finding.cells else number
        kind = (finding.rule, finding.severity, finding.statistic, remedy)
        kinds.setdefault(kind, []).append(finding)
    return tuple(_joined(kinds.values()))


def _over_statistics(findings: Sequence[Finding]) -> list[Finding]:
    same: dict[tuple[object, ...], list[Finding]] = {}
    for number, one in enumerate(findings):
        cells = tuple(tuple(cell.items()) for cell in one.cells)
        where = cells if one.statistic else number
        same.setdefault((one.rule, one.severity, one.remedy, where), []).append(one)
    return [replace(several[0], statistic=_names(several)) for several in same.values()]


def _names(findings: Iterable[Finding]) -> str:
    return ", ".join(dict.fromkeys(one.statistic for one in findings))


def _joined(kinds: Iterable[list[Finding]]) -> Iterator[Finding]:
    for alike in kinds:
        if len(alike) <= FEW:
            yield from alike
            continue
        cells = {tuple(cell.items()): cell for one in alike for cell in one.cells}
        yield Finding(
            rule=alike[0].rule,
            severity=alike[0].severity,
            cells=tuple(cells.values()),
            message=f"{len(cells)} cells. Of the first: {alike[0].message}",
            remedy=alike[0].remedy,
            statistic=alike[0].statistic,
        )
