"""Which files a party may have: the layout of the folders, as one table of patterns."""

import fcntl
import re
from collections.abc import Collection, Iterable
from pathlib import Path

SRS_NAME = "ONS Secure Research Service"
SUPPLIER = "slam"
CRIS = "cris"
RESULTS = ("srs", "cdls")
"""Where linked records lie without identifiers: the Secure Research Service, and the CDLS."""
TRUTH = "simulator"
"""Nobody's folder: what only the simulator knows, identifiers and all."""
POST = "incoming"

NOTES = f"{SUPPLIER}/{CRIS}_notes.parquet"
"""The one file in which people are named in sentences, and the column that does so."""
NOTE_TEXT = "text"

CRIS_COLUMNS = frozenset(
    {
        "sex", "ethnic_group", "borough", "imd_decile", "birth_month", "gp_borough",
        "first_referral", "first_referral_age", "referred", "age_at_referral", "service", "team",
        "referral_source", "accepted", "days_in_care", "diagnosed", "icd10", "is_main",
        "age_at_diagnosis", "scope", "since", "written", "author", "text",
    }
)  # fmt: skip
"""What the mental-health trust writes down itself, whoever else has a column of the same name."""

_NAME = r"[a-z0-9][a-z0-9_-]*"


def known_file(path: str, linkages: Iterable[str], holders: Collection[str]) -> bool:
    """Whether a file of this place and name is known.

    path: relative to the folder of all parties, with forward slashes. holders: the folders that
    have a register. What lies in a post box is known: another rule asks that nothing does.
    """
    party, _, rest = path.partition("/")
    if party == TRUTH:
        return True
    one_of = "|".join(sorted(map(re.escape, linkages)))
    return any(re.fullmatch(pattern, rest) for pattern in _patterns(party, one_of, holders))


def _patterns(party: str, linkage: str, holders: Collection[str]) -> tuple[str, ...]:
    """The files of one party; of a party that is not known, none."""
    post = f"{POST}/.*"
    if party == SUPPLIER:
        return (
            rf"{CRIS}_{_NAME}\.parquet",
            rf"(sent|links)/({linkage})\.parquet",
            rf"sent/({linkage})/\d+\.parquet",
            rf"sent/({linkage})/interrupted\.json",
            rf"keys/{_NAME}\.key",
            rf"\.({linkage})\.lock",
            post,
        )
    if party in RESULTS:
        return (
            rf"({linkage})/\d+/{_NAME}\.parquet",
            rf"({linkage})/\d+/run\.json",
            rf"keys/{_NAME}\.key",
            rf"\.({linkage})\.lock",
            post,
        )
    if party in holders:
        return (
            rf"({linkage})_{_NAME}\.parquet",
            rf"links/({linkage})/\d+\.(parquet|json)",
            rf"keys/{_NAME}\.key",
            rf"\.({linkage})\.lock",
            post,
        )
    return ()


def is_register(path: str) -> bool:
    """Whether this is a file of identifiers that a party keeps as its own register."""
    return path.count("/") == 1 and path.endswith("_identifiers.parquet")


def register_of(path: str, linkages: Iterable[str]) -> str | None:
    """The register, by the id of its linkage, that a table in a party's folder belongs to."""
    name = path.rpartition("/")[2]
    ids = sorted((*linkages, CRIS), key=len, reverse=True)
    return next((each for each in ids if name.startswith(f"{each}_")), None)


def concerning(paths: Iterable[str], linkage: str, linkages: Collection[str]) -> tuple[str, ...]:
    """The files that one linkage could have touched, and every file that has no place.

    The supplier's, those of the folders that hold its register, its results, and all post.
    """
    every = tuple(paths)
    holders = {path.partition("/")[0] for path in every if is_register(path)}
    own = {path.partition("/")[0] for path in every if register_of(path, linkages) == linkage}
    return tuple(
        path
        for path in every
        if path.partition("/")[0] in {SUPPLIER, *own} - set(RESULTS)
        or path.startswith(tuple(f"{place}/{linkage}/" for place in RESULTS))
        or f"/{POST}/" in path
        or not known_file(path, linkages, holders)
    )


def being_run(parties: Path) -> tuple[str, ...]:
    """The linkages that somebody runs at this moment, by the locks that are held.

    The lock is tried and let go at once.
    """
    locks = [*parties.glob(".*.lock"), *parties.glob("*/.*.lock")]
    return tuple(sorted({lock.stem.removeprefix(".") for lock in locks if _held(lock)}))


def _held(lock: Path) -> bool:
    try:
        with lock.open("r") as handle:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:
        return False
    return False
