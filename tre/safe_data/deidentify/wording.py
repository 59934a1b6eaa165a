"""What a risk report says, in words and small tables, for the terminal and the page alike."""

from dataclasses import dataclass

from tre.safe_data.deidentify.attack import AttackReport, Share
from tre.safe_data.deidentify.classes import LIMITS
from tre.safe_data.deidentify.risk import RiskReport


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One table: what it says, its headings, and its rows, the first text of which heads them.

    words: how many columns at the end are sentences and not numbers.
    """

    title: str
    sentence: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    words: int = 0


def is_safe(report: RiskReport) -> bool:
    """Whether every class has the people that the largest limit asks for."""
    return report.smallest >= max(LIMITS)


def headline(report: RiskReport) -> str:
    """The answer in one sentence."""
    limit = max(LIMITS)
    if is_safe(report):
        smallest = _n(report.smallest)
        return (
            f"No class has fewer than {limit} people who look alike; the smallest has {smallest}."
        )
    few = report.below[-1]
    return (
        f"{_n(few.people)} of {_n(report.people)} people ({_percent(few.share)}) are in a class of "
        f"fewer than {limit} who look alike; the smallest has {_n(report.smallest)}."
    )


def sections(report: RiskReport, attacked: AttackReport | None = None) -> tuple[Section, ...]:
    """Every table of the report that has something to say, in the order in which to read them."""
    told = (
        _classes(report),
        _diversity(report),
        _special(report),
        _population(report),
        _attack(attacked),
    )
    return tuple(section for section in told if section is not None)


def _classes(report: RiskReport) -> Section:
    few = (
        (f"in classes of fewer than {b.limit}", _n(b.people), _percent(b.share))
        for b in report.below
    )
    alone = ("alone in their class", _n(report.uniques), _percent(report.uniques / report.people))
    return Section(
        title="People who look alike",
        sentence=(
            f"By {_listed(report.quasi_identifiers)}, {_n(report.people)} people fall into "
            f"{_n(report.classes)} classes (k-anonymity with k = {_n(report.smallest)})."
        ),
        columns=("who", "people", "share"),
        rows=(alone, *few),
    )


def _diversity(report: RiskReport) -> Section | None:
    if not report.diversity:
        return None
    return Section(
        title="What a class tells",
        sentence=(
            "Who is known to be in a class with one value only is known to have that value, "
            "however many are in it (l-diversity, in the class that hides worst)."
        ),
        columns=("variable", "fewest values", "entropy l", "people told", "share"),
        rows=tuple(
            (d.variable, _n(d.distinct), f"{d.entropy:.2f}", _n(d.told), _percent(d.share))
            for d in report.diversity
        ),
    )


def _special(report: RiskReport) -> Section:
    special = report.special
    sizes = (
        (f"sets of {size}" if size > 1 else "single values", _n(count))
        for size, count in enumerate(special.sets, 1)
    )
    parts = sorted(special.by_variable.items(), key=lambda each: -each[1])
    return Section(
        title="Few values that single somebody out",
        sentence=(
            f"{_n(special.people)} people are alone by fewer variables than all "
            f"{len(report.quasi_identifiers)} (special uniques, sets of up to {special.largest} "
            "variables). A variable that most sets need is the one to coarsen."
        ),
        columns=("smallest sets of values", "how many"),
        rows=(*sizes, *((f"sets that need {name}", _percent(share)) for name, share in parts)),
    )


def _population(report: RiskReport) -> Section | None:
    told = report.population
    if told is None:
        return None
    rows = [(f"estimate: {e.method}", f"{e.uniques:,.1f}", e.source) for e in told.estimates]
    if told.true is not None:
        known = "counted in the population, which only a simulator has"
        rows.append(("the truth", _n(told.true), known))
        rows.append(("look like nobody there", _n(told.absent or 0), "a value was recorded wrong"))
    return Section(
        title="Alone among everybody",
        sentence=(
            f"Of {_n(report.uniques)} people who are alone in the extract, so many are alone among "
            f"the {_n(told.people)} people of the population too; {_percent(told.fraction)} of it "
            "are in the extract."
        ),
        columns=("by", "people", "source"),
        rows=tuple(rows),
        words=1,
    )


def _attack(told: AttackReport | None) -> Section | None:
    if told is None:
        return None
    return Section(
        title="An attack",
        sentence=(
            f"Somebody who knows {_listed(told.knows)} of {_n(told.attempts)} people, "
            f"{_percent(told.wrong)} of it wrong, looked for them among {_n(told.records)} records "
            f"and forgave {told.forgives} facts that disagree. {_n(told.present)} of those people "
            "are in the extract."
        ),
        columns=("what", "people", "share", "95 % interval"),
        rows=(
            ("claimed", _n(told.claims), _percent(told.claims / told.attempts), ""),
            ("found, of those looked for", *_share(told.success)),
            ("claimed rightly, of those claimed", *_share(told.precision)),
            ("found by guessing", "", _percent(told.guessing, 3), ""),
        ),
    )


def _share(share: Share) -> tuple[str, str, str]:
    interval = f"{_percent(share.low)} to {_percent(share.high)}"
    return _n(share.part), _percent(share.value), interval


def _n(number: int) -> str:
    return f"{number:,}"


def _percent(share: float, digits: int = 1) -> str:
    return f"{100 * share:.{digits}f} %"


def _listed(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
