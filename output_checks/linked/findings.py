"""What was found, said to somebody who has to act on it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from output_checks.linked.arithmetic import Combination
from output_checks.linked.by_means import ByMeans
from output_checks.linked.hidden import Recovered
from output_checks.linked.overlapping import Narrowed
from output_checks.linked.report import LinkedFinding, Term
from output_checks.linked.small_groups import SmallGroup
from output_checks.linked.subtraction import Difference
from output_checks.linked.system import Named, System
from output_checks.linked.views import View
from output_checks.linked.wording import cell_text, cells_text, sum_text
from output_checks.words import Verdict, people

_REMEDY = (
    "Give the outputs the same population, or withhold cells of both with protect_together(); "
    "what is released cannot be changed."
)


def left_out(name: str) -> LinkedFinding:
    """An output that cannot be compared, since the data are not those that it was made from."""
    return LinkedFinding(
        rule="linked_tables",
        severity=Verdict.REVIEW,
        message=f"“{name}” could not be compared: the data do not have the people that it shows, "
        "or other numbers of them. If they were corrected since, two such outputs may tell what.",
        remedy="Make it again from the data that the others are made from.",
        terms=(),
        cells=((name, {}),),
    )


def not_compared(names: Iterable[str], why: str, *, is_out: bool = False) -> LinkedFinding:
    """Outputs that were not held against each other, which is no pass.

    why: a whole sentence. is_out: one of them is released already.
    """
    return LinkedFinding(
        rule="differencing" if is_out else "linked_tables",
        severity=Verdict.REVIEW,
        message=why,
        remedy="If they are of the same people, make them from data of one name and one unit; "
        "otherwise a person must look.",
        cells=tuple((name, {}) for name in names),
    )


def too_large(names: Iterable[str], why: str, done: str) -> LinkedFinding:
    """A set that the exact check cannot look at as a whole."""
    return LinkedFinding(
        rule="too_large",
        severity=Verdict.REVIEW,
        message=f"The outputs are too large for the exact check ({why}); they were {done}.",
        remedy="Check fewer outputs together, with fewer or coarser dimensions.",
        cells=tuple((name, {}) for name in dict.fromkeys(names)),
    )


def not_searched(names: Iterable[str]) -> LinkedFinding:
    """Three or more outputs of people in several cells, whose sums are not searched."""
    return LinkedFinding(
        rule="too_large",
        severity=Verdict.REVIEW,
        message="People are in several cells. From one category to another these outputs were only "
        "compared two numbers at a time: a small group that follows there from three or more of "
        "them is not searched for.",
        remedy="Look for outputs that are parts of another, such as one of all people and one of "
        "each group of them; or check fewer outputs together.",
        cells=tuple((name, {}) for name in dict.fromkeys(names)),
    )


KNOWN = "A mean or a share does not show its people, but its digits may, or somebody knows. "
"""What findings say that rest on how many people are behind other statistics than counts."""


def in_fractions(names: Iterable[str], number: int) -> LinkedFinding:
    """Withheld cells that stay unknown in parts of people, and perhaps not in whole people."""
    cells = f"{number} withheld cell{'s' * (number > 1)}"
    return LinkedFinding(
        rule="too_large",
        severity=Verdict.REVIEW,
        message=f"Of {cells} the outputs together leave enough open in parts of people; no numbers "
        "of whole people were found that leave as much, and the search was given up.",
        remedy="Withhold more, or make the outputs coarser.",
        cells=tuple((name, {}) for name in dict.fromkeys(names)),
    )


class Wording:
    """Findings about some views, in words.

    knowing: they rest on how many people are behind other statistics than counts. What is told of
    such a statistic fails, as it would in one table; of counts it is for a person.
    """

    def __init__(self, views: Sequence[View], threshold: int, *, knowing: bool = False) -> None:
        self._views = views
        self._threshold = threshold
        self._knowing = knowing

    def difference(self, one: Difference) -> LinkedFinding:
        """One number less another."""
        larger, smaller = self._apart(one.larger, one.smaller)
        terms = (self._term(larger, 1), self._term(smaller, -1))
        left = one.counts[0] - one.counts[1]
        arithmetic = sum_text(terms, left)
        if one.is_certain:
            is_are = "is" if left == 1 else "are"
            who = f"{people(left)} {is_are} in the first and not in the second"
        else:
            who = (
                f"everybody in the second is in the first, which leaves {people(left)}; the "
                "definitions do not say so, but somebody may know"
            )
        return LinkedFinding(
            rule=self._rule(terms),
            severity=self._severity(is_certain=one.is_certain),
            message=f"{cells_text(terms)} is {arithmetic}: {who}. {self._allowed()}",
            remedy=_REMEDY,
            terms=terms,
            arithmetic=arithmetic,
        )

    def group(self, one: SmallGroup, system: System, who: str) -> LinkedFinding:
        """A group that follows from several sums, or that is known to be small.

        who: what the people of its first unknown are, in words.
        """
        if one.combination is None:
            return self._bounded(one, who)
        terms = self._terms(one.combination, system)
        arithmetic = sum_text(terms, one.combination.total) if len(terms) > 1 else ""
        met = self._met(one.combination, system)
        names = " and ".join(f"“{name}”" for name in dict.fromkeys(map(self._name, met)))
        how = f"The ranges of {names} leave one number where they meet. " if met else ""
        return LinkedFinding(
            rule=self._rule(terms, *(self._views[cell.view] for cell in met)),
            severity=self._severity(),
            message=f"{cells_text(terms)} is {arithmetic or one.combination.total}: a group of "
            f"{people(one.combination.total)} that no output shows. {how}{self._allowed()}",
            remedy=_REMEDY,
            terms=terms,
            arithmetic=arithmetic,
            cells=tuple((self._name(one), self._views[one.view].place(one.cell)) for one in met),
        )

    def _met(self, combination: Combination, system: System) -> list[Named]:
        """The cells of an arithmetic whose number no output shows, only several ranges together."""
        return [
            cell
            for row in combination.terms
            if not any(self._views[one.view].published[one.cell] for one in system.named[row])
            for cell in system.named[row]
        ]

    def _bounded(self, one: SmallGroup, who: str) -> LinkedFinding:
        how_many = f"{one.low:,}" if one.low == one.high else f"{one.low:,} to {one.high:,}"
        names = dict.fromkeys(view.output.name for view in self._views)
        return LinkedFinding(
            rule=self._rule((), *self._views),
            severity=self._severity(is_certain=one.low == one.high),
            message=f"All outputs together leave {how_many} people of a kind that none of them "
            f"shows: {who}. {self._allowed()}",
            remedy=_REMEDY,
            cells=tuple((name, {}) for name in names),
        )

    def narrowed(self, one: Narrowed) -> LinkedFinding:
        """A small group of people in several cells that rounded outputs tell together."""
        terms = (self._term(one.larger[0], 1),)
        if one.smaller:
            larger, smaller = self._apart(one.larger, one.smaller)
            terms = (self._term(larger, 1), self._term(smaller, -1))
        cells = self._narrowing(one)
        names = dict.fromkeys(f"“{name}”" for name, _ in cells)
        is_one = one.low == one.high
        who = people(one.low) if is_one else f"{one.low:,} to {one.high:,} people"
        maybe = "" if one.is_certain else ", if everybody in the second is in the first,"
        return LinkedFinding(
            rule=self._rule((), *self._views),
            severity=self._severity(is_certain=is_one and one.is_certain),
            message=f"{cells_text(terms)} is{maybe} {who}, which no output shows by itself. "
            f"The ranges of {' and '.join(names)} leave {'one number' if is_one else 'no more'} "
            f"where they meet. {self._allowed()}",
            remedy=_REMEDY,
            terms=terms if one.smaller else (),
            cells=cells,
        )

    def _narrowing(self, one: Narrowed) -> tuple[tuple[str, Mapping[str, Any]], ...]:
        """The cells that tell a group; all outputs where one alone is of it, and others of more."""
        met = (*one.larger, *one.smaller)
        if len({self._name(cell) for cell in met}) > 1:
            return tuple(
                (self._name(cell), self._views[cell.view].place(cell.cell)) for cell in met
            )
        return tuple((name, {}) for name in dict.fromkeys(view.output.name for view in self._views))

    def recovered(self, one: Recovered, system: System) -> LinkedFinding:
        """A withheld cell that can be worked out."""
        view = self._views[one.cell.view]
        place = view.place(one.cell.cell)
        terms: tuple[Term, ...] = ()
        arithmetic = ""
        said = f"{one.low:,.0f}" if one.low == one.high else f"{one.low:,.0f} to {one.high:,.0f}"
        how = "the outputs together show it"
        if one.combination is not None:
            terms = self._terms(one.combination, system)
            arithmetic = sum_text(terms, one.combination.total)
            how = f"{cells_text(terms)} is {arithmetic}"
            if len(terms) == 1:
                how = f"{cells_text(terms)} shows it"
        counted = "person" if said == "1" else "people"
        known = ""
        if self._knowing:
            counted += " whom it counts" * (view.whole is not None)
            counted += " whom it does not count" * (view.behind and view.whole is None)
            known = ", as whoever knows how many people are behind other figures can tell"
        return LinkedFinding(
            rule=self._rule(terms, view),
            severity=Verdict.FAIL if view.behind else self._severity(),
            message=f"{cell_text(view.output.name, place)} is withheld, but it has {said} "
            f"{counted}{known}: {how}.",
            remedy=_REMEDY,
            terms=terms,
            arithmetic=arithmetic,
            cells=((view.output.name, place), *self._beside(one.combination, system)),
        )

    def _beside(
        self, combination: Combination | None, system: System
    ) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Outputs without which others would not show the numbers of an arithmetic."""
        for row in combination.terms if combination is not None else ():
            names = [self._views[one.view].beside for one in system.named[row]]
            if names and all(names):
                yield names[0], {}

    def by_means(
        self, one: ByMeans, outputs: Iterable[str], *, are_values_known: bool = False
    ) -> LinkedFinding:
        """A withheld count that follows from means beside counts.

        outputs: those that show the means. are_values_known: each kind of people has one value of
        some variable, as where it is a dimension too.
        """
        view = self._views[one.cell.view]
        place = view.place(one.cell.cell)
        others = tuple((name, {}) for name in dict.fromkeys(outputs))
        names = " and ".join(f"“{name}”" for name, _ in others)
        is_one = one.low == one.high
        said = people(int(one.low)) if is_one else f"{one.low:,.0f} to {one.high:,.0f} people"
        unsure = "has, as far as last digits, or whoever knows a mean beside a spread, can tell,"
        maybe = "has" if one.is_certain else unsure
        each = ", and what it is of is known of each kind of people" * are_values_known
        remedy = "Withhold the same cells in all of these outputs: protect_together() does."
        if {name for name, _ in others} == {view.output.name}:
            remedy = "Show the counts alone: what the figure adds follows from a dimension."
        return LinkedFinding(
            rule=self._rule(
                (), view, *(each for each in self._views if (each.output.name, {}) in others)
            ),
            severity=Verdict.FAIL if one.is_certain else Verdict.REVIEW,
            message=f"{cell_text(view.output.name, place)} is withheld, but it {maybe} {said}: "
            "everybody has a value, so that people times their mean, or their share, add up to "
            f"those of their total{each}, and {names} leave{'s' * (len(others) == 1)} no more.",
            remedy=remedy,
            cells=((view.output.name, place), *others),
        )

    def _terms(self, combination: Combination, system: System) -> tuple[Term, ...]:
        """The numbers of an arithmetic, added ones first, from as few outputs as can be."""
        chosen: list[tuple[Fraction, Named]] = []
        used: set[str] = set()
        for row, times in combination.terms.items():
            if system.named[row]:
                cell = min(system.named[row], key=lambda one: self._name(one) not in used)
                used.add(self._name(cell))
                chosen.append((times, cell))
        ordered = sorted(chosen, key=lambda one: (one[0] < 0, -self._count(one[1])))
        return tuple(self._term(cell, times) for times, cell in ordered)

    def _apart(self, larger: Iterable[Named], smaller: Iterable[Named]) -> tuple[Named, Named]:
        """Two cells of two outputs, a new one and a released one where that can be."""
        pairs = [(one, other) for one in larger for other in smaller]
        return min(pairs, key=lambda pair: self._name(pair[0]) == self._name(pair[1]))

    def _term(self, cell: Named, times: Fraction | int) -> Term:
        view = self._views[cell.view]
        return Term(
            output=view.output.name,
            cell=view.place(cell.cell),
            times=float(times),
            count=self._count(cell),
        )

    def _count(self, cell: Named) -> int:
        return int(self._views[cell.view].truth[cell.cell])

    def _name(self, cell: Named) -> str:
        return self._views[cell.view].output.name

    def _rule(self, terms: Iterable[Term], *views: View) -> str:
        names = {term.output for term in terms} | {view.output.name for view in views}
        outputs = (one.output for one in self._views)
        is_out = any(one.released and one.name in names for one in outputs)
        return "differencing" if is_out else "linked_tables"

    def _severity(self, *, is_certain: bool = True) -> Verdict:
        return Verdict.FAIL if is_certain and not self._knowing else Verdict.REVIEW

    def _allowed(self) -> str:
        return f"{KNOWN * self._knowing}The policy asks for groups of at least {self._threshold}."
