"""What an applicant asks of the catalogue's datasets, with what the catalogue knows of each."""

from collections.abc import Iterable
from dataclasses import replace

from tre.decision import UnusableRequestError
from tre.safe_data.catalogue import Dataset, catalogue
from tre.safe_data.linkages import linkage
from tre.safe_projects.application import AskedDataset, AskedVariable
from tre.safe_projects.draft import Ask
from tre.safe_projects.project import Place
from tre.steps.texts import usable_text

LONGEST_WHY = 1_000
"""Characters of the reason for one variable."""


def asked_of(
    asks: Iterable[Ask], before: Iterable[AskedDataset] = (), *, round_: int = 1
) -> tuple[AskedDataset, ...]:
    """Join each ask with the catalogue: whose it is, in which place it is used.

    before: what was asked so far; an ask for the same variables and years keeps the round in which
    it was made, so that its owner's word still stands. round_: that of any other.
    Raises UnusableRequestError for a dataset or variable that is not in the catalogue, and for a
    dataset that is named twice.
    """
    known = {dataset.id: dataset for dataset in catalogue()}
    earlier = {asked.dataset: asked for asked in before}
    found: dict[str, AskedDataset] = {}
    for ask in asks:
        if ask.dataset not in known or ask.dataset in found:
            message = f"{ask.dataset[:40]!r} is no dataset of the catalogue, or is asked for twice"
            raise UnusableRequestError(message)
        asked = _joined(ask, known[ask.dataset])
        same = earlier.get(ask.dataset)
        kept = same is not None and _is_same(same, asked)
        round_of_ask = same.changed_in if same is not None and kept else round_
        found[ask.dataset] = replace(asked, changed_in=round_of_ask)
    return tuple(found.values())


def places_of(datasets: Iterable[str]) -> frozenset[str]:
    """Where the linked data of these datasets are seen; CRIS itself is of no place."""
    known = {dataset.id: dataset.linkage for dataset in catalogue()}
    linkages = {known[dataset] for dataset in datasets if known.get(dataset)}
    return frozenset(linkage(one).place for one in linkages)


def _joined(ask: Ask, dataset: Dataset) -> AskedDataset:
    unknown = sorted({v.name for v in ask.variables} - set(dataset.variables()))
    if unknown:
        message = f"not in “{dataset.id}” of the catalogue: {', '.join(unknown)[:200]}"
        raise UnusableRequestError(message)
    whys = {v.name: v.why for v in ask.variables}
    return AskedDataset(
        dataset=dataset.id,
        controller=dataset.controller,
        place=Place(dataset.place),
        passport_trust=dataset.passport_trust,
        policy=dataset.policy,
        seen_at=linkage(dataset.linkage).place if dataset.linkage else "",
        variables=tuple(
            AskedVariable(name=name, why=_why(whys[name], name))
            for name in dataset.variables()
            if name in whys
        ),
        since_year=ask.since_year,
        until_year=ask.until_year,
        why_years=_why(ask.why_years, f"the years of {dataset.id}"),
    )


def _why(text: str, of: str) -> str:
    return usable_text(text, what=f"reason for {of}", longest=LONGEST_WHY, required=False)


def _is_same(before: AskedDataset, after: AskedDataset) -> bool:
    """Whether it is the same ask, whatever is said for it."""
    return (before.names, before.since_year, before.until_year) == (
        after.names,
        after.since_year,
        after.until_year,
    )
