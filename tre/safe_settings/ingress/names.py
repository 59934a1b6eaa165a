"""Names of files that people bring: fit for every system, and for nothing but a name."""

import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from tre.safe_settings.ingress.limits import LONGEST_NAME
from tre.safe_settings.ingress.rules import Finding, found

_FIT = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_ .()+-]*", re.ASCII)
_RESERVED = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}
)
"""What Windows takes for a device, with any ending."""

_IN_SESSIONS = frozenset(
    [
        "IPython",
        "ipykernel",
        "matplotlib",
        "numpy",
        "output_checks",
        "pandas",
        "pip",
        "polars",
        "pyarrow",
        "scipy",
        "sitecustomize",
        "sklearn",
        "tre",
        "usercustomize",
    ]
)


def check_name(name: str) -> Iterator[Finding]:
    """Find what is wrong with one name; the message shows it without what cannot be seen."""
    if problem := _problem(name):
        yield found("name", f"{name[:60]!a} {problem}")
    stem, _, ending = name.rpartition(".")
    if ending.lower() == "py" and (stem in sys.stdlib_module_names or stem in _IN_SESSIONS):
        yield found("shadows_module", f"“{name}” would be imported in place of the module {stem}")


def repeated(names: Sequence[str]) -> frozenset[str]:
    """Give the names that another one equals but for capitals."""
    counted = Counter(name.casefold() for name in names)
    return frozenset(name for name in names if counted[name.casefold()] > 1)


def is_fit(name: str) -> bool:
    """Whether a name may be given to a file on disk."""
    return _problem(name) is None


def _problem(name: str) -> str | None:
    return next((problem for wrong, problem in _problems(name) if wrong), None)


def _problems(name: str) -> Iterable[tuple[bool, str]]:
    stem = name.partition(".")[0].strip().casefold()
    return (
        (not name.strip(), "is empty"),
        (len(name) > LONGEST_NAME, f"has more than {LONGEST_NAME} characters"),
        ("/" in name or "\\" in name or name in {".", ".."}, "leads to another folder"),
        (any(not c.isprintable() for c in name), "has characters that cannot be seen"),
        (name.startswith("."), "is hidden: it begins with a dot"),
        (stem in _RESERVED, "names a device on some systems"),
        (name != name.strip() or name.endswith("."), "begins or ends with a space, or ends so"),
        (_FIT.fullmatch(name) is None, "has characters that a name here may not have"),
    )
