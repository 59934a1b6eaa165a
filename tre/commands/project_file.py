"""An application as a file: TOML, with the fields of the desk's form."""

import tomllib
from datetime import MAXYEAR, date, datetime
from pathlib import Path
from typing import Any

from tre.decision import UnusableRequestError
from tre.safe_projects.application import AskedVariable
from tre.safe_projects.draft import Ask, Draft

TEXTS = ("title", "summary", "methods", "public_benefit", "rec", "iras", "cag", "meeting")
LISTS = ("gateways", "members")
_KNOWN = {*TEXTS, *LISTS, "starts", "ends", "shift_dates", "data"}
_OF_DATA = {"dataset", "since_year", "until_year", "why_years", "variables"}


def read_application_file(file: Path) -> Draft:
    """Read a draft from a file.

    Raises UnusableRequestError for a file that is no TOML, a field that is not known or is of
    another kind: a misspelt field must never quietly mean that nothing is asked.
    """
    try:
        told = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        message = f"{file} is not valid TOML: {error}"
        raise UnusableRequestError(message) from error
    _refuse_unknown(told, _KNOWN, file.name)
    return Draft(
        **{name: _of(told, name, str, "") for name in TEXTS},
        **{name: _texts(told, name) for name in LISTS},
        starts=_day(told, "starts"),
        ends=_day(told, "ends"),
        shift_dates=bool(_of(told, "shift_dates", bool, None)),
        asks=tuple(_ask(each) for each in _of(told, "data", list, [])),
    )


def _ask(told: Any) -> Ask:
    if not isinstance(told, dict):
        message = "each of [[data]] is a table with a dataset and its variables"
        raise UnusableRequestError(message)
    _refuse_unknown(told, _OF_DATA, "[[data]]")
    variables = _of(told, "variables", dict, {})
    return Ask(
        dataset=_of(told, "dataset", str, ""),
        variables=tuple(
            AskedVariable(name=name, why=_of(variables, name, str, "")) for name in variables
        ),
        since_year=_year(told, "since_year"),
        until_year=_year(told, "until_year"),
        why_years=_of(told, "why_years", str, ""),
    )


def _of(told: dict[str, Any], name: str, kind: type, otherwise: Any) -> Any:
    value = told.get(name, otherwise)
    if value is not otherwise and not isinstance(value, kind):
        message = f"{name} must be of the kind {kind.__name__}, not {value!r}"
        raise UnusableRequestError(message)
    return value


def _texts(told: dict[str, Any], name: str) -> tuple[str, ...]:
    listed = _of(told, name, list, [])
    for each in listed:
        if not isinstance(each, str):
            message = f"{name} is a list of texts, and {each!r} is none"
            raise UnusableRequestError(message)
    return tuple(listed)


def _year(told: dict[str, Any], name: str) -> int | None:
    """Read a year; `true` is a whole number to Python, and none to anybody else."""
    year = _of(told, name, int, None)
    if isinstance(year, bool) or (year is not None and not 0 < year <= MAXYEAR):
        message = f"{name} must be a year of four digits, not {str(year)[:40]}"
        raise UnusableRequestError(message)
    return year


def _day(told: dict[str, Any], name: str) -> date:
    value = told.get(name)
    if not isinstance(value, date) or isinstance(value, datetime):
        message = f"{name} must be a day, as in {name} = 2026-11-30"
        raise UnusableRequestError(message)
    return value


def _refuse_unknown(told: dict[str, Any], known: set[str], where: str) -> None:
    if strangers := sorted(set(told) - known):
        message = f"{where} has no field {strangers[0]!r}; there are {', '.join(sorted(known))}"
        raise UnusableRequestError(message)
