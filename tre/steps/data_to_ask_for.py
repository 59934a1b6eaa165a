"""The catalogue, as an applicant reads it: which data there are, whose, and what each means."""

from functools import cache

from tre.safe_data.catalogue import Dataset, catalogue


@cache
def data_to_ask_for() -> tuple[Dataset, ...]:
    """Every dataset that a project can ask for; CRIS first, which every study here needs."""
    found = catalogue()
    return tuple(sorted(found, key=lambda dataset: dataset.linkage != ""))
