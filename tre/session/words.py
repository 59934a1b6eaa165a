"""What a checker must be able to read beside an output, and help with writing it."""

from tre.session.errors import IncompleteError

_GOOD = {
    "title": (
        "what the request is, in a few words.\n"
        '  For example: title="Attainment at 16 by diagnosis group and sex"'
    ),
    "context": (
        "what this output is, for somebody who has never seen your project: which people, "
        "which variables, which question.\n"
        '  For example: context="Number of young people referred to CAMHS before 18 and linked '
        "to NPD, by diagnosis group of their first referral and by sex. It is table 1 of a "
        'paper on attainment after early-onset psychosis."'
    ),
    "controls": (
        "what you did so that nobody in it can be recognised.\n"
        '  For example: controls="Counts are of people, not records. Cells under 10 are '
        "suppressed, with complementary cells so that the margins do not give them away. "
        'No other table of these people by these variables has been released."'
    ),
}
FEW_WORDS = 8


def require_words(*, title: str, context: str, controls: str) -> tuple[str, ...]:
    """Refuse empty text, and remark on text too short to help a checker.

    Raises IncompleteError with an example of good text for everything that is missing.
    """
    given = {"title": title, "context": context, "controls": controls}
    missing = [name for name, text in given.items() if not text or not text.strip()]
    if missing:
        lines = [f"{name}= is empty. Say {_GOOD[name]}" for name in missing]
        raise IncompleteError("\n".join(lines))
    short = [name for name in ("context", "controls") if len(given[name].split()) < FEW_WORDS]
    return tuple(
        f"Your {name} is very short. Too little of it is a common reason for a request to come "
        f"back: say {_GOOD[name].splitlines()[0]}"
        for name in short
    )
