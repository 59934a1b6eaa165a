"""Ways of merging the categories of one dimension: along their order, a hierarchy, or the rare."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Protocol

from output_checks.errors import ProtectionError, unknown
from output_checks.given import refuse_other
from output_checks.words import MISSING, TOTAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Partition:
    """Categories of a dimension taken together: positions in each block, and its name."""

    blocks: tuple[tuple[int, ...], ...]
    names: tuple[str, ...]

    def merges(self, texts: Sequence[str]) -> dict[str, str]:
        """{label: its new label} for what changes its name."""
        return {
            texts[position]: name
            for block, name in zip(self.blocks, self.names, strict=True)
            for position in block
            if texts[position] != name
        }


class Way(Protocol):
    """How categories may be merged."""

    def count(self) -> int:
        """Number of partitions."""
        ...

    def every(self) -> Iterator[Partition]:
        """Every partition, the one that merges nothing first."""
        ...

    def coarser(self, partition: Partition) -> Iterator[Partition]:
        """Partitions that are one step coarser."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class AlongOrder:
    """Neighbours are merged. alone: positions that are no part of the order (missing)."""

    texts: tuple[str, ...]
    alone: tuple[int, ...] = ()

    def count(self) -> int:
        """Every border between two neighbours may go."""
        return 2 ** max(len(self._places()) - 1, 0)

    def every(self) -> Iterator[Partition]:
        """By which borders go, as binary numbers."""
        places = self._places()
        for gone in range(self.count()):
            blocks: list[list[int]] = []
            for at, place in enumerate(places):
                if at and gone >> (at - 1) & 1:
                    blocks[-1].append(place)
                else:
                    blocks.append([place])
            yield self._named(tuple(map(tuple, blocks)))

    def coarser(self, partition: Partition) -> Iterator[Partition]:
        """One border less."""
        blocks = [one for one in partition.blocks if one[0] not in self.alone]
        for at in range(len(blocks) - 1):
            joined = (*blocks[at], *blocks[at + 1])
            yield self._named((*blocks[:at], joined, *blocks[at + 2 :]))

    def _places(self) -> list[int]:
        return [place for place in range(len(self.texts)) if place not in self.alone]

    def _named(self, blocks: tuple[tuple[int, ...], ...]) -> Partition:
        blocks = (*blocks, *((place,) for place in self.alone))
        return Partition(blocks=blocks, names=tuple(map(self._name, blocks)))

    def _name(self, block: tuple[int, ...]) -> str:
        first, last = self.texts[block[0]], self.texts[block[-1]]
        if len(block) == 1:
            return first
        others = [text for place, text in enumerate(self.texts) if place not in block]
        return _unused(f"{first} to {last}", others)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfTheRare:
    """The rarest are merged to one. order: positions that may be merged, the rarest first."""

    texts: tuple[str, ...]
    order: tuple[int, ...]

    def count(self) -> int:
        """None, two, three … of them."""
        return max(len(self.order), 1)

    def every(self) -> Iterator[Partition]:
        """The rarest two, three, … all."""
        for many in (0, *range(2, len(self.order) + 1)):
            yield self._merged(many)

    def coarser(self, partition: Partition) -> Iterator[Partition]:
        """One more of them."""
        many = max(map(len, partition.blocks))
        if many < len(self.order):
            yield self._merged(max(many + 1, 2))

    def _merged(self, many: int) -> Partition:
        together = tuple(sorted(self.order[:many]))
        alone = [place for place in range(len(self.texts)) if place not in together]
        names = [self.texts[place] for place in alone]
        blocks: list[tuple[int, ...]] = [(place,) for place in alone]
        if together:  # a category that is called Other may lend its name to what it is merged with
            blocks.append(together)
            names.append(_unused("Other" if alone else "All", names))
        return Partition(blocks=tuple(blocks), names=tuple(names))


@dataclass(frozen=True, slots=True, kw_only=True)
class AlongHierarchy:
    """Everything in a group is merged to it. parents: {label or group: its group}."""

    texts: tuple[str, ...]
    parents: Mapping[str, str]

    def count(self) -> int:
        """Every group may be shown as one, or its parts in any of their ways."""
        return prod(self._count(root) for root in self._roots())

    def every(self) -> Iterator[Partition]:
        """Finest first within each group."""
        for cut in product(*(list(self._cuts(root)) for root in self._roots())):
            yield self._partition([node for part in cut for node in part])

    def coarser(self, partition: Partition) -> Iterator[Partition]:
        """One group more shown as one."""
        shown = list(partition.names)
        for group in dict.fromkeys(self.parents[one] for one in shown if one in self.parents):
            inside = [one for one in shown if group in self._ancestors(one)]
            yield self._partition([*(one for one in shown if one not in inside), group])

    def _ancestors(self, node: str) -> list[str]:
        found: list[str] = []
        while node in self.parents:
            node = self.parents[node]
            if node in found:
                raise ProtectionError(f'the hierarchy goes round in a circle at "{node}"')
            found.append(node)
        return found

    def _roots(self) -> list[str]:
        tops = [(self._ancestors(text) or [text])[-1] for text in self.texts]
        return list(dict.fromkeys(tops))

    def _children(self, node: str) -> list[str]:
        chains = [[text, *self._ancestors(text)] for text in self.texts]
        found = [chain[chain.index(node) - 1] for chain in chains if node in chain[1:]]
        return list(dict.fromkeys(found))

    def _count(self, node: str) -> int:
        children = self._children(node)
        return prod(map(self._count, children)) + 1 if children else 1

    def _cuts(self, node: str) -> Iterator[list[str]]:
        children = self._children(node)
        if children:
            for parts in product(*(list(self._cuts(child)) for child in children)):
                yield [one for part in parts for one in part]
        yield [node]

    def _partition(self, nodes: Sequence[str]) -> Partition:
        inside = {
            node: tuple(
                place
                for place, text in enumerate(self.texts)
                if node == text or node in self._ancestors(text)
            )
            for node in nodes
        }
        ordered = sorted(nodes, key=inside.__getitem__)
        return Partition(blocks=tuple(inside[node] for node in ordered), names=tuple(ordered))


def hierarchy_of(texts: Sequence[str], parents: Mapping[str, str], name: str) -> AlongHierarchy:
    """A hierarchy of labels. Raises ProtectionError where it has none of them, or is none."""
    for label in (*parents, *parents.values()):
        refuse_other(f'along "{name}": each label', label, str, "a text", ProtectionError)
    if not any(text in parents for text in texts):
        raise ProtectionError(
            f'along "{name}": ' + unknown("label", next(iter(parents), "(none)"), texts)
        )
    for group in parents.values():
        if group in texts:
            raise ProtectionError(
                f'along "{name}": the group "{group}" has the name of a category; give it another'
            )
    way = AlongHierarchy(texts=tuple(texts), parents=dict(parents))
    way.count()  # sees a circle
    return way


def _unused(name: str, others: Sequence[str]) -> str:
    """A name for merged categories that no other category and no margin has."""
    while name in others or name in {TOTAL, MISSING}:
        name += " (merged)"
    return name
