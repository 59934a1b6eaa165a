"""What an application must say before anybody else is asked to read it."""

from collections.abc import Collection, Iterator
from datetime import date

from tre.decision import ALLOWED, Decision, Rule
from tre.safe_projects.application import EARLIEST_YEAR, LATEST_YEAR, Application, AskedDataset
from tre.safe_projects.gateways import has_ethics, names_gateways
from tre.safe_projects.project import Project
from tre.vocabulary import Safe

SHORTEST_SUMMARY_WORDS = 20
LONGEST_SUMMARY_WORDS = 300
"""A lay summary is read by everybody: long enough to say something, short enough to be read."""

SHORTEST_WHY = 10
"""Characters of a reason: "needed" is none."""

LONGEST_YEARS = 5
"""A project is accredited for at most so many years; then it is extended, or applies again."""

DESCRIBED = Rule(
    name="application described",
    safe=Safe.PROJECTS,
    sentence="An application has a title, a lay summary of "
    f"{SHORTEST_SUMMARY_WORDS} to {LONGEST_SUMMARY_WORDS} words, its questions and methods, its "
    f"public benefit, and dates of at most {LONGEST_YEARS} years that have not passed.",
    source="UK Statistics Authority, project accreditation; limits illustrative",
)
MINIMISED = Rule(
    name="minimisation argued",
    safe=Safe.DATA,
    sentence="Each variable that is asked for comes with the reason why the study cannot do "
    "without it, and each dataset with the years, and why these.",
    source="Five Safes: minimisation; UK GDPR, article 5(1)(c)",
)
MEETING = Rule(
    name="meeting of the data",
    safe=Safe.DATA,
    sentence="Where data that are seen in the SRS and data that are seen at the CDLS are both "
    "asked for, the application says how the two come together.",
    source="founding document: route of the identifiers",
)


def is_described(project: Project, application: Application, on: date) -> Decision:
    """Ask for the words and the dates."""
    decision = ALLOWED
    for sentence in (*_missing_words(project, application), *_wrong_dates(project, on)):
        decision = decision.also(DESCRIBED.refuses(sentence))
    return decision


def _missing_words(project: Project, application: Application) -> Iterator[str]:
    if not project.title.strip():
        yield "give the project a title."
    words = len(project.summary.split())
    if not SHORTEST_SUMMARY_WORDS <= words <= LONGEST_SUMMARY_WORDS:
        yield (
            f"the lay summary has {words:,} words; it needs {SHORTEST_SUMMARY_WORDS} to "
            f"{LONGEST_SUMMARY_WORDS}, in words for everybody."
        )
    if not application.methods.strip():
        yield "say what the study asks, and how it answers it."
    if not project.public_benefit.strip():
        yield "say what the public gains from it."


def _wrong_dates(project: Project, on: date) -> Iterator[str]:
    if project.ends < max(project.starts, on):
        yield "the last day must not lie before the first, or in the past."
    elif (project.ends - project.starts).days > LONGEST_YEARS * 366:
        yield f"a project lasts at most {LONGEST_YEARS} years; it can be extended later."


def has_gateways(application: Application, on: date) -> Decision:
    """Ask for the laws that let the data be used."""
    return names_gateways(application.gateways, application.cag, on)


def has_references(application: Application, on: date) -> Decision:
    """Ask for the references of the ethics reviews, in their forms."""
    return has_ethics(application.rec, application.iras, on)


def is_minimised(application: Application) -> Decision:
    """Ask for a reason for every variable and for the years; also for any data at all."""
    if not application.asked:
        return MINIMISED.refuses("choose the data that the study needs.")
    decision = ALLOWED
    for asked in application.asked:
        for sentence in missing_reasons(asked):
            decision = decision.also(MINIMISED.refuses(sentence))
    return decision


def missing_reasons(asked: AskedDataset) -> Iterator[str]:
    """Say which reasons are missing of what is asked of one dataset."""
    if not asked.variables:
        yield f"name the variables of “{asked.dataset}” that the study needs, or leave it out."
    bare = [v.name for v in asked.variables if len(v.why.strip()) < SHORTEST_WHY]
    if bare:
        named = ", ".join(bare)
        yield f"say in a few words why the study needs these of “{asked.dataset}”: {named}."
    if len(asked.why_years.strip()) < SHORTEST_WHY:
        yield f"say why the study needs these years of “{asked.dataset}”, and no fewer."
    yield from problems_with_years(asked.since_year, asked.until_year)


def problems_with_years(since: int | None, until: int | None) -> Iterator[str]:
    """Say what is wrong with a span of calendar years, both included; None is no limit."""
    for year in (since, until):
        if year is not None and not EARLIEST_YEAR <= year <= LATEST_YEAR:
            yield f"{year} is no year: years go from {EARLIEST_YEAR} to {LATEST_YEAR}."
    if since is not None and until is not None and until < since:
        yield f"the years {since} to {until} end before they begin."


def says_how_data_meet(project: Project, seen_at: Collection[str]) -> Decision:
    """Ask how data that are seen at different places come together. seen_at: those places."""
    if len(set(seen_at)) < 2 or project.meeting.strip():
        return ALLOWED
    places = " and ".join(f"the {place}" for place in sorted(set(seen_at)))
    return MEETING.refuses(
        f"the data that you ask for are seen at {places}: say how the two come together."
    )


def linked_places(application: Application) -> frozenset[str]:
    """Where the linked data are seen; CRIS itself lives at the CDLS, which brings it anywhere."""
    return frozenset(asked.seen_at for asked in application.asked if asked.seen_at)
