"""A policy: the numbers and severities that every rule is asked with, each with its source."""

import hashlib
import json
import math
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self

from output_checks.errors import PolicyError, unknown
from output_checks.words import Verdict

NEVER = math.inf
_WORDS = ("name", "title", "version")


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One field of a policy: how its value is read, and which of two values is stricter."""

    meaning: str
    read: Callable[[object], Any]
    strictest: Callable[[Any, Any], Any]


def _severity(value: object) -> Verdict:
    if value not in tuple(Verdict):
        raise ValueError(f'must be "pass", "review" or "fail", not {value!r}')
    return Verdict(str(value))


def _whole(value: object) -> int:
    if type(value) is not int or value < 1:
        raise ValueError(f"must be a whole number of at least 1, not {value!r}")
    return value


def _percent(value: object) -> float:
    if value == "never":
        return NEVER
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 100:
        raise ValueError(f'must be a percentage above 0 and up to 100, or "never", not {value!r}')
    return float(value)


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < NEVER:
        raise ValueError(f"must be a number of at least 0, not {value!r}")
    return float(value)


def _worse(one: Verdict, other: Verdict) -> Verdict:
    return Verdict.worst((one, other))


SETTINGS: Mapping[str, Setting] = MappingProxyType(
    {
        "threshold": Setting(
            meaning="people that a cell must describe, at least", read=_whole, strictest=max
        ),
        "zeros": Setting(meaning="an empty cell", read=_severity, strictest=_worse),
        "class_disclosure_review": Setting(
            meaning="% of a row or column in one category", read=_percent, strictest=min
        ),
        "class_disclosure_fail": Setting(
            meaning="% of a row or column in one category", read=_percent, strictest=min
        ),
        "dominance_1_review": Setting(
            meaning="% of a cell's total from its largest contributor",
            read=_percent,
            strictest=min,
        ),
        "dominance_1_fail": Setting(
            meaning="% of a cell's total from its largest contributor",
            read=_percent,
            strictest=min,
        ),
        "dominance_2_review": Setting(
            meaning="% of a cell's total from its two largest contributors",
            read=_percent,
            strictest=min,
        ),
        "dominance_2_fail": Setting(
            meaning="% of a cell's total from its two largest contributors",
            read=_percent,
            strictest=min,
        ),
        "p_percent": Setting(
            meaning="% within which the largest contribution may not be worked out; 0 = no rule",
            read=_number,
            strictest=max,
        ),
        "all_equal": Setting(
            meaning="a cell in which every value is the same", read=_severity, strictest=_worse
        ),
        "negatives": Setting(
            meaning="a cell with contributions of both signs", read=_severity, strictest=_worse
        ),
        "rounding_base": Setting(
            meaning="counts must be multiples of this; 1 = not rounded",
            read=_whole,
            strictest=math.lcm,
        ),
        "epsilon_per_table": Setting(
            meaning="a differentially private table above this epsilon goes to a person",
            read=_number,
            strictest=min,
        ),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What a controller of data allows; the fields are explained in `SETTINGS`.

    Percentages run to 100; `inf` stands for the file's word "never". sources: where each
    field's value comes from.
    """

    name: str
    title: str
    version: str
    threshold: int
    zeros: Verdict
    class_disclosure_review: float
    class_disclosure_fail: float
    dominance_1_review: float
    dominance_1_fail: float
    dominance_2_review: float
    dominance_2_fail: float
    p_percent: float
    all_equal: Verdict
    negatives: Verdict
    rounding_base: int
    epsilon_per_table: float
    sources: Mapping[str, str] = field(compare=False, hash=False)

    @classmethod
    def named(cls, name: str) -> "Policy":
        """A policy that ships with the package; "srs+ukllc" is the strictest of both.

        Raises PolicyError for a name that is not known.
        """
        if "+" in name:
            return cls.strictest([cls.named(part) for part in name.split("+")])
        if name not in policies():
            raise PolicyError(unknown("policy", name, policies()))
        file = resources.files("output_checks") / "policies" / f"{name}.toml"
        return cls._parse(file.read_text(encoding="utf-8"), f"{name}.toml")

    @classmethod
    def read(cls, path: str | Path) -> Self:
        """Read a policy file; every field must be there, with its source beside it.

        Raises PolicyError for a file that cannot be read, an unknown field or an unknown word.
        """
        try:
            text = Path(path).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise PolicyError(f"the policy file {path} cannot be read: {error}") from error
        return cls._parse(text, str(path))

    @classmethod
    def of(cls, policy: "str | Policy") -> "Policy":
        """A policy given itself, by its name, or as the path of a .toml file."""
        if isinstance(policy, Policy):
            return policy
        return cls.read(policy) if policy.endswith(".toml") else cls.named(policy)

    @classmethod
    def strictest(cls, several: "Iterable[Policy]") -> "Policy":
        """Take the strictest value of each field; its name lists the policies joined by "+"."""
        unique = {one.name: one for one in several}
        if not unique:
            raise PolicyError("the strictest of no policies is not defined: give at least one")
        chosen = [unique[name] for name in sorted(unique)]
        if len(chosen) == 1:
            return chosen[0]
        values = {
            name: reduce(setting.strictest, (getattr(one, name) for one in chosen))
            for name, setting in SETTINGS.items()
        }
        return cls(
            name="+".join(one.name for one in chosen),
            title="Strictest of: " + "; ".join(one.title for one in chosen),
            version="+".join(one.version for one in chosen),
            sources=_joined_sources(chosen, values),
            **values,
        )

    @property
    def hash(self) -> str:
        """SHA-256 over name, version and every value, so that a verdict can be traced."""
        values = {name: str(getattr(self, name)) for name in ("name", "version", *SETTINGS)}
        return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()

    @classmethod
    def _parse(cls, text: str, where: str) -> Self:
        try:
            content = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise PolicyError(f"{where} is not valid TOML: {error}") from error
        words: dict[str, Any] = {name: _word(content, name, where) for name in _WORDS}
        for name in content:
            if name not in words and name not in SETTINGS:
                raise PolicyError(f"{where}: " + unknown("field", name, (*words, *SETTINGS)))
        read = {name: _value(content, name, where) for name in SETTINGS}
        return cls(
            **words,
            **{name: value for name, (value, _) in read.items()},
            sources=MappingProxyType({name: source for name, (_, source) in read.items()}),
        )


def policies() -> tuple[str, ...]:
    """Names of the policies that ship with the package."""
    folder = resources.files("output_checks") / "policies"
    return tuple(
        sorted(file.name.removesuffix(".toml") for file in folder.iterdir() if file.is_file())
    )


def _joined_sources(chosen: list[Policy], values: Mapping[str, Any]) -> Mapping[str, str]:
    return MappingProxyType(
        {
            name: "; ".join(
                f"{one.name}: {one.sources[name]}" for one in chosen if getattr(one, name) == value
            )
            or "needed to keep every policy at once"
            for name, value in values.items()
        }
    )


def _word(content: Mapping[str, Any], name: str, where: str) -> str:
    value = content.get(name)
    if not isinstance(value, str) or not value.strip():
        raise PolicyError(f'{where}: "{name}" must be a text, not {value!r}')
    return value


def _value(content: Mapping[str, Any], name: str, where: str) -> tuple[Any, str]:
    entry = content.get(name)
    if not isinstance(entry, dict) or set(entry) != {"value", "source"}:
        raise PolicyError(f'{where}: [{name}] must have exactly "value" and "source"')
    source = entry["source"]
    if not isinstance(source, str) or not source.strip():
        raise PolicyError(f"{where}: [{name}] needs a source in words")
    try:
        return SETTINGS[name].read(entry["value"]), source
    except ValueError as error:
        raise PolicyError(f"{where}: [{name}] value {error}") from error
