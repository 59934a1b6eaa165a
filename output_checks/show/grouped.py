"""Findings of one rule told together: a table of many small cells has one line for them."""

from collections.abc import Iterable, Iterator, Sequence

from output_checks.finding import Finding

FEW = 2
"""Up to this many findings of one kind are told one by one."""


def grouped(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Join the findings of single cells that share their rule, severity and remedy.

    The joined one has all their cells, in order, and says how many they are before the first
    message; every cell keeps its own message where findings are shown on cells.
    """
    kinds: dict[tuple[object, ...], list[Finding]] = {}
    for number, finding in enumerate(findings):
        kind = (finding.rule, finding.severity, finding.remedy if finding.cells else number)
        kinds.setdefault(kind, []).append(finding)
    return tuple(_joined(kinds.values()))


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
        )
