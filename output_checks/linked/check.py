"""Check several outputs together, and against what is released already."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from output_checks.errors import UnusableTableError
from output_checks.given import refuse_other
from output_checks.linked.by_amounts import by_amounts
from output_checks.linked.close_positions import close_positions
from output_checks.linked.comparison import Comparison
from output_checks.linked.digits_told import digits_told
from output_checks.linked.findings import not_compared
from output_checks.linked.report import LinkedFinding, LinkedReport
from output_checks.linked.values_told import without_value_told
from output_checks.linked.views import Output
from output_checks.policy import Policy
from output_checks.table import Table
from output_checks.words import Verdict

Tables = Mapping[str, Table] | Sequence[Table]


def check_together(
    tables: Tables, policy: Policy | str | None = None, *, released: Tables = ()
) -> LinkedReport:
    """Find what outputs reveal together although none of them does alone.

    tables: the outputs by their names, or in a row. released: those that are out already; only
    what the new ones add to them is found. policy: whose threshold counts; None takes the
    strictest of the new tables' own.
    First every published number less every other is looked at; then all sums that a reader can
    write down, exactly: a small group that follows from several of them, and withheld cells that
    can be worked out. Where that is too large the report says so and a person must look. Tables
    of different datasets, or of different units, are not compared: a person must look.
    Raises UnusableTableError where there is nothing to check or a name is there twice.
    """
    outputs = outputs_of(tables, released)
    chosen = policy_for(outputs, policy)
    findings: list[LinkedFinding] = []
    notes = list(_not_compared(outputs))
    names = [one.name for one in outputs]
    is_out = any(one.released for one in outputs)
    findings += [not_compared(names, why, is_out=is_out) for why in notes]
    for some in of_one_dataset(outputs):
        comparison = Comparison(some)
        findings += comparison.findings(chosen.threshold)
        findings += _of_those_apart(comparison, chosen, findings)
        same = [one for one in some if one.name not in comparison.strange]
        findings += by_amounts(same, chosen)
        findings += without_value_told(same, chosen)
        findings += digits_told(same)
        findings += close_positions(same, chosen)
        notes += comparison.notes()
    severities = list(Verdict)
    findings.sort(key=lambda one: -severities.index(one.severity))
    return LinkedReport(
        findings=tuple(findings),
        policy=chosen,
        outputs=tuple(one.name for one in outputs if not one.released),
        released=tuple(one.name for one in outputs if one.released),
        notes=tuple(dict.fromkeys(notes)),
        alone={one.name: one.table.report().verdict for one in outputs if not one.released},
    )


def _of_those_apart(
    comparison: Comparison, policy: Policy, found: Sequence[LinkedFinding]
) -> Iterator[LinkedFinding]:
    """What outputs of which nobody is in several cells tell without the others.

    More is asked of them then, so that another output never makes a set look better.
    """
    some = comparison.apart
    if len(some) > 1 and not all(one.released for one in some):
        told = {text for one in found for text in (one.message, one.arithmetic) if text}
        for one in Comparison(some).findings(policy.threshold):
            if not told & {one.message, one.arithmetic}:
                yield one


def _not_compared(outputs: Sequence[Output]) -> Iterator[str]:
    """Say which new outputs are held against fewer than all, so that nobody takes it for more."""
    people = [(one.table.declaration.dataset, one.table.declaration.unit) for one in outputs]
    if len(set(people)) > 1:
        sets = [
            ", ".join(
                f"“{one.name}”" for one, its in zip(outputs, people, strict=True) if its == of
            )
            for of in dict.fromkeys(people)
        ]
        yield (
            "Outputs of different datasets, or of different units, are not compared with each "
            f"other: {' | '.join(sets)}."
        )


def outputs_of(tables: Tables, released: Tables) -> list[Output]:
    """The new outputs, then the released ones, each with its name.

    Raises UnusableTableError where there is none, or where a name is there twice.
    """
    new = _named(tables, "output")
    old = _named(released, "released output")
    if not new:
        raise UnusableTableError("there is nothing to check: give at least one table")
    for name in old:
        if name in new:
            raise UnusableTableError(f"there are two outputs called “{name}”; give each a name")
    return [
        *(Output(name=name, table=table) for name, table in new.items()),
        *(Output(name=name, table=table, released=True) for name, table in old.items()),
    ]


def _named(tables: Tables, word: str) -> dict[str, Table]:
    words = "a list of tables or {its name: a table}"
    refuse_other(f"the {word}s", tables, (Mapping, list, tuple), words, UnusableTableError)
    named = tables.items() if isinstance(tables, Mapping) else enumerate(tables, 1)
    found: dict[str, Table] = {}
    for name, table in named:
        refuse_other(f"each {word}", table, Table, "a Table", UnusableTableError)
        if isinstance(tables, Mapping):
            refuse_other(f"the name of each {word}", name, str, "a text", UnusableTableError)
        found[name if isinstance(name, str) else f"{word} {name}"] = table
    return found


def policy_for(outputs: Sequence[Output], policy: Policy | str | None) -> Policy:
    """The policy that was asked for, or the strictest of the new outputs' own."""
    if policy is not None:
        return Policy.of(policy)
    return Policy.strictest(one.table.policy for one in outputs if not one.released)


def of_one_dataset(outputs: Iterable[Output]) -> Iterator[list[Output]]:
    """Outputs whose people can be compared; a set without a new one has nothing to tell."""
    found: dict[tuple[str, str | None], list[Output]] = {}
    for one in outputs:
        key = one.table.declaration.dataset, one.table.declaration.unit
        found.setdefault(key, []).append(one)
    yield from (some for some in found.values() if not all(one.released for one in some))
