"""Outputs of one dataset, and everything that can be found in them together."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy

import numpy as np

from output_checks.linked import notes
from output_checks.linked.averages import averages_of
from output_checks.linked.behind import behind
from output_checks.linked.beside_counts import BesideCounts
from output_checks.linked.conditions import read_rows
from output_checks.linked.copies import circuits, combined, with_copies
from output_checks.linked.descriptions import Describer, Description
from output_checks.linked.findings import (
    KNOWN,
    Wording,
    in_fractions,
    left_out,
    not_searched,
    too_large,
)
from output_checks.linked.hidden import Recovered, recovered
from output_checks.linked.members import Members
from output_checks.linked.met_ranges import met_ranges
from output_checks.linked.other_data import of_other_data
from output_checks.linked.overlapping import Narrowed, narrowed
from output_checks.linked.reader import NOT_SETTLED, Effort, settled
from output_checks.linked.report import LinkedFinding
from output_checks.linked.slices import MOST_SLICES, overlapping_traits, slices_of
from output_checks.linked.small_groups import small_groups
from output_checks.linked.subtraction import Difference, differences
from output_checks.linked.system import Named, System, TooLargeError, system_of, tree_for
from output_checks.linked.ties import Tying
from output_checks.linked.told_by_ties import told_by
from output_checks.linked.traits import coded, people_of
from output_checks.linked.views import PEOPLE, Output, View, as_people, views_of

MOST_UNKNOWNS = 20_000
"""Combinations of categories that the exact check looks at, at most."""
MOST_OPEN = 8_000
"""Of those, whose number does not follow at once from a single one: up to 15 s of one core."""
MOST_BYTES = 1_000_000_000
"""For the bits that say who is in which cell, at most."""


class Comparison:
    """Some outputs of one dataset, ready to be compared.

    views: what they show of people. strange: outputs that other data were used for. notes: what
    the findings rest on. knows_sizes: they are for somebody who knows how many people are behind
    other statistics than counts; known_people: groups of which there is nothing more to say.
    """

    def __init__(self, outputs: Sequence[Output]) -> None:
        source = outputs[0].table.source
        declarations = [one.table.declaration for one in outputs]
        rows = with_copies(read_rows(source.frame, source.unit, declarations))
        self.people = people_of(rows)
        self.members = Members(self.people)
        self._describer = Describer(self.people, rows.conditions)
        found = [
            view
            for output, asked in zip(outputs, rows.asked, strict=True)
            for view in views_of(output, asked, self._describer)
        ]
        different = {one for view in found for one in view.cells}
        self._too_many = len(different) * self.members.bytes > MOST_BYTES
        known = {} if self._too_many else {one: self.members.number(one) for one in different}
        strange = [one for one in found if known and not _fits(one, known)]
        of_others = of_other_data(outputs)
        self.strange = tuple(dict.fromkeys([*(one.output.name for one in strange), *of_others]))
        self.views = tuple(one for one in found if one.output.name not in self.strange)
        self.averages = tuple(
            average
            for output, asked in zip(outputs, rows.asked, strict=True)
            for average in averages_of(output, asked, self._describer)
            if output.name not in self.strange
        )
        of_statistics = [
            view
            for output, asked in zip(outputs, rows.asked, strict=True)
            for view in behind(output, asked, self._describer)
            if known and output.name not in self.strange
        ]
        known |= {
            cell: self.members.number(cell)
            for view in of_statistics
            for cell in view.cells
            if cell not in known
        }
        self._behind = tuple(view for view in of_statistics if _fits(view, known))
        self._told: set[Description] = set()
        tying = Tying(self.people, rows, self._describer, self.members)
        pairs = zip(outputs, rows.asked, strict=True)
        same = [] if self._too_many else [one for one in pairs if one[0].name not in self.strange]
        self.ties = tuple(tying.ties(same, self.views))
        self._by_ties = told_by(self.ties, self.views)
        self.views += self._by_ties.sure
        self.views += tuple(combined(circuits(rows), self.views))
        self._in_fractions = False
        self.knows_sizes = False
        self.known_people: frozenset[bytes] = frozenset()

    def notes(self) -> Iterator[str]:
        """What the findings rest on, in sentences."""
        counts = [one for one in self.views if one.quantity == PEOPLE]
        rests_on = {
            notes.OTHER_STATISTICS: len(counts) < len(self.views),
            notes.AVERAGES: bool(self.averages) and any(one.hidden.any() for one in counts),
            notes.FRACTIONS: self._in_fractions,
            notes.TIES: bool(self.ties),
            notes.OVERLAPS: self.people.overlaps,
        }
        yield from (note for note, is_so in rests_on.items() if is_so)

    def findings(self, threshold: int) -> Iterator[LinkedFinding]:
        """Everything that these outputs reveal together."""
        for name in self.strange:
            yield left_out(name)
        found: list[LinkedFinding] = []
        for quantity in dict.fromkeys(one.quantity for one in self.views):
            views = [one for one in self.views if one.quantity == quantity]
            if not all(one.output.released for one in views):
                found += self.of_quantity(views, threshold)
                found += self._of_slices(views, threshold, found)
        told = {one.message for one in found}
        for one in self._of_rounded_shares(threshold):
            if one.message not in told:
                told.add(one.message)
                found.append(one)
        found += self._of_means(threshold)
        yield from found
        yield from self._of_who_knows(threshold, found)

    @property
    def apart(self) -> list[Output]:
        """The outputs of which nobody is in several cells, where that is some of them."""
        if not self.people.overlaps or self._too_many:
            return []
        several = overlapping_traits(self.people)
        mixed = {
            view.output.name
            for view in self.views
            for cell in view.cells
            if any(trait in several for trait, _ in cell)
        }
        outputs = {view.output.name: view.output for view in self.views}
        return [one for name, one in outputs.items() if name not in mixed]

    def _of_slices(
        self, views: Sequence[View], threshold: int, found: Sequence[LinkedFinding]
    ) -> Iterator[LinkedFinding]:
        """What follows from cells of people who are in one each, beside what is found already."""
        if not self.people.overlaps or self._too_many:
            return
        told = {one.message for one in found}
        cells = [one.cells[0] for one in found if one.cells]
        for number, some in enumerate(slices_of(self.people, views)):
            if number == MOST_SLICES:
                names = [one.output.name for one in views]
                yield too_large(names, "too many categories", "looked at only in part")
                return
            part = copy(self)
            part.people, part.members = some.people, Members(some.people)
            for one in part.of_quantity(some.views, threshold):
                is_told = one.message in told or (one.cells and one.cells[0] in cells)
                # Two numbers at a time are compared already, each group of people once.
                is_compared = len(one.terms) == 2 and not one.cells
                if not is_told and not is_compared:
                    told.add(one.message)
                    yield one

    def _of_rounded_shares(self, threshold: int) -> Iterator[LinkedFinding]:
        """What rounded shares of all people, and counts of the same people, tell together."""
        counts = [one for one in self.views if one.quantity == PEOPLE]
        valued = [one for one in self.views if one.quantity != PEOPLE and one.is_everybody]
        shares = [as_people(one) for one in valued if one.is_ranged]
        views = [*counts, *shares]
        if not counts or not shares or all(one.output.released for one in views):
            return
        yield from self.of_quantity(views, threshold)

    def _of_means(self, threshold: int) -> Iterator[LinkedFinding]:
        """Withheld counts that follow from means, shares and sums beside counts."""
        if self._too_many or self.people.overlaps:
            return
        beside = BesideCounts(
            counts=[one for one in self.views if one.quantity == PEOPLE],
            averages=self.averages,
            ties=self.ties,
            system=lambda views: self.system(views, is_whole=True),
            said=self._describer.words,
        )
        yield from beside.findings(threshold, self._told)
        yield from beside.small_groups(threshold)

    @property
    def knowing(self) -> list[View]:
        """Counts, and the people behind other statistics: what somebody knows who knows these.

        None where there are no two outputs of which one has other statistics than counts.
        """
        counts = [one for one in self.views if one.quantity == PEOPLE]
        views = [*counts, *self._behind, *self._by_ties.maybe]
        names = {one.output.name for one in views}
        is_new = any(not one.output.released for one in views)
        return views if len(views) > len(counts) and len(names) > 1 and is_new else []

    def _of_who_knows(
        self, threshold: int, found: Sequence[LinkedFinding]
    ) -> Iterator[LinkedFinding]:
        """What follows for somebody who knows how many people are behind other statistics."""
        views = self.knowing
        if self._too_many or not views:
            return
        told = {text for one in found for text in (one.message, one.arithmetic) if text}
        cells = [one.cells[0] for one in found if one.cells]
        known = {
            one.people.tobytes()
            for quantity in dict.fromkeys(one.quantity for one in self.views)
            for one in differences(
                [each for each in self.views if each.quantity == quantity], self.members, threshold
            )
        }
        knower = copy(self)
        knower.knows_sizes, knower.known_people = True, frozenset(known)
        for one in knower.of_quantity(views, threshold):
            is_told = one.message.replace(KNOWN, "") in told or bool(told & {one.arithmetic} - {""})
            if not is_told and not (one.cells and one.cells[0] in cells):
                yield one

    def of_quantity(self, views: Sequence[View], threshold: int) -> Iterator[LinkedFinding]:
        """What these views of one quantity tell together."""
        names = [one.output.name for one in views]
        if self._too_many:
            yield too_large(names, "too many cells for so many people", "not compared at all")
            return
        if self.people.overlaps:
            yield from self._narrowed(views, threshold)
        simple = [
            one
            for one in differences(views, self.members, threshold)
            if _is_asked((*one.larger, *one.smaller), views)
        ]
        try:
            yield from self._exactly(views, threshold, simple, is_whole=True)
        except TooLargeError as error:
            yield too_large(names, str(error), "put together two by two")
            try:
                yield from self._exactly(views, threshold, simple, is_whole=False)
            except TooLargeError as worse:
                yield too_large(names, str(worse), "only compared number by number")
                words = Wording(views, threshold, knowing=self.knows_sizes)
                yield from (words.difference(one) for one in simple)

    def _narrowed(self, views: Sequence[View], threshold: int) -> Iterator[LinkedFinding]:
        """Groups that the ranges of several outputs tell where they meet."""
        words = Wording(views, threshold, knowing=self.knows_sizes)
        try:
            found = list(narrowed(views, self.members, threshold))
        except TooLargeError as error:
            names = [one.output.name for one in views]
            yield too_large(names, str(error), "not compared by what their roundings leave")
            return
        yield from (words.narrowed(one) for one in found)

    def _exactly(
        self, views: Sequence[View], threshold: int, simple: Sequence[Difference], *, is_whole: bool
    ) -> Iterator[LinkedFinding]:
        """What follows from all sums; raises TooLargeError before anything is found.

        is_whole: see `tree_for`.
        """
        system = self.system(views, is_whole=is_whole)
        words = Wording(views, threshold, knowing=self.knows_sizes)
        effort = Effort()
        known = set(self.known_people)
        for cell in self._recovered(system, views, threshold, effort):
            if views[cell.cell.view].quantity == PEOPLE:
                self._told.add(views[cell.cell.view].cells[cell.cell.cell])
            known.add(self._people_of(views[cell.cell.view].cells[cell.cell.cell]))
            yield words.recovered(cell, system)
        simple = [one for one in simple if one.people.tobytes() not in known]
        yield from (words.difference(one) for one in simple)
        if not self.people.overlaps:
            known |= {one.people.tobytes() for one in simple if one.is_certain}
            yield from self._groups(system, views, threshold, known, effort)
        names = [one.output.name for one in views]
        if self.people.overlaps and len(set(names)) > 2:
            yield not_searched(names)
        self._in_fractions |= effort.in_fractions > 0
        if effort.not_whole:
            yield in_fractions(names, effort.not_whole)
        if effort.is_spent:
            yield too_large(names, "too many sums to solve", "looked at only in part")

    def _groups(
        self,
        system: System,
        views: Sequence[View],
        threshold: int,
        known: Iterable[bytes],
        effort: Effort,
    ) -> Iterator[LinkedFinding]:
        """Small groups that no output shows, and those whose ranges are narrow where they meet."""
        words = Wording(views, threshold, knowing=self.knows_sizes)
        explained = self._explained(system, known)
        told = set()
        for group in small_groups(system, views, threshold, explained=explained, effort=effort):
            terms = group.combination.terms if group.combination is not None else ()
            if terms and not _is_asked([one for row in terms for one in system.named[row]], views):
                continue
            who = self._describer.words(system.kinds(int(group.unknowns[0])))
            yield words.group(group, system, who)
            told.add(frozenset(group.unknowns.tolist()))
        for met in self._met_ranges(system, views, threshold, effort):
            cell = views[met.larger[0].view].cells[met.larger[0].cell]
            if frozenset(system.members(cell).tolist()) not in told:
                yield words.narrowed(met)

    def system(self, views: Sequence[View], *, is_whole: bool) -> System:
        """What a reader of these views knows; raises TooLargeError."""
        tree = tree_for(views, self.people, is_whole=is_whole)
        system = system_of(views, self.people, tree, MOST_UNKNOWNS)
        every = np.ones(len(system.named), dtype=bool)
        left = int((settled(system, every) == NOT_SETTLED).sum())
        if left > MOST_OPEN:
            raise TooLargeError(f"{left:,} unknown numbers, more than {MOST_OPEN:,}")
        return system

    def _met_ranges(
        self, system: System, views: Sequence[View], threshold: int, effort: Effort
    ) -> Iterator[Narrowed]:
        """Small groups within ranges that meet, less those that released outputs tell as well."""
        found = list(met_ranges(system, views, threshold, effort))
        old = [one for one in views if one.output.released]
        alone: dict[Description, int] = {}
        if found and old:
            before = system_of(old, self.people, system.tree, MOST_UNKNOWNS)
            alone = {
                old[one.larger[0].view].cells[one.larger[0].cell]: one.high - one.low
                for one in met_ranges(before, old, threshold, effort)
            }
        for one in found:
            description = views[one.larger[0].view].cells[one.larger[0].cell]
            if alone.get(description, one.high) > one.high - one.low:
                yield one

    def _people_of(self, description: Description) -> bytes:
        return self.members.bits(description).tobytes()

    def _recovered(
        self, system: System, views: Sequence[View], threshold: int, effort: Effort
    ) -> Iterator[Recovered]:
        """Withheld cells that can be told, less those that released outputs tell already."""
        exactly = not self.people.overlaps
        found = list(recovered(system, views, threshold, exactly=exactly, effort=effort))
        old = [one for one in views if one.output.released]
        seen: set[Description] = set()
        if any(views[one.cell.view].output.released for one in found):
            alone = system_of(old, self.people, system.tree, MOST_UNKNOWNS)
            seen = {
                old[one.cell.view].cells[one.cell.cell]
                for one in recovered(alone, old, threshold, exactly=False, effort=effort)
            }
        for one in found:
            description = views[one.cell.view].cells[one.cell.cell]
            if description not in seen:
                seen.add(description)
                yield one

    def _explained(self, system: System, known: Iterable[bytes]) -> np.ndarray:
        """Unknowns whose people all belong to groups that are found already."""
        profiles = self.people.profiles
        inside = np.zeros(len(profiles), dtype=bool)
        for one in known:
            bits = np.frombuffer(one, dtype=np.uint8)
            inside |= np.unpackbits(bits, count=len(profiles)).astype(bool)
        explained = np.ones(len(system.truth), dtype=bool)
        outside = profiles[~inside]
        for cluster, start in zip(system.tree.clusters, system.starts, strict=False):
            codes = coded([outside[:, i] for i in cluster], [system.sizes[i] for i in cluster])
            explained[start + np.broadcast_to(codes, len(outside))] = False
        return explained


def _is_asked(cells: Iterable[Named], views: Sequence[View]) -> bool:
    """Whether any of these says more than how many people a mean is of, which tells no amount."""
    return any(views[one.view].is_asked for one in cells)


def _fits(view: View, known: Mapping[Description, int]) -> bool:
    """Whether the data have the people that the output shows."""
    return bool(np.array_equal(view.truth, [known[one] for one in view.cells]))
