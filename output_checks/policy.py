"""A policy: the numbers and severities that every rule is asked with, each with its source."""

import hashlib
import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, reduce
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self

from output_checks.errors import PolicyError, unknown
from output_checks.given import path_of, shown
from output_checks.settings import NEVER, SETTINGS, Setting
from output_checks.words import Verdict

__all__ = ["NEVER", "SETTINGS", "Policy", "policies"]

_WORDS = ("name", "title", "version")


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What a controller of data allows; the fields are explained in `SETTINGS`.

    Percentages run to 100; `inf` stands for the file's word "never". sources: where each
    field's value comes from. members: the policies that this is the strictest of.
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
    extremes: Verdict
    any_extreme: Verdict
    positions: Verdict
    mode: Verdict
    proportions: Verdict
    degrees_of_freedom: int
    rounding_base: int
    epsilon_per_table: float
    sources: Mapping[str, str] = field(compare=False, hash=False)
    members: "tuple[Policy, ...]" = field(default=(), compare=False, hash=False, repr=False)

    def __post_init__(self) -> None:
        """Read every value as a file's would be.

        Raises PolicyError for one that is none, for another policy with the name of one that ships
        with the package, and for members that this is not the strictest of.
        """
        words = {name: getattr(self, name) for name in _WORDS}
        for name in _WORDS:
            _word(words, name, "a policy")
        if self.members or "+" in self.name:
            _refuse_no_strictest(self)
            return
        for name, setting in SETTINGS.items():
            object.__setattr__(self, name, _read(setting, name, getattr(self, name)))
        if self.name in policies() and self.hash != _hash_of(_shipped_values(self.name)):
            raise PolicyError(
                f'"name" is {self.name!r}, which is a policy that ships with the package and says '
                "something else; choose another name"
            )

    @classmethod
    def named(cls, name: str) -> "Policy":
        """A policy that ships with the package; "srs+ukllc" is the strictest of both.

        Raises PolicyError for a name that is not known.
        """
        if not isinstance(name, str):
            raise PolicyError(unknown("policy", shown(name), policies()))
        if "+" in name:
            return cls.strictest([cls.named(part) for part in name.split("+")])
        if name not in policies():
            raise PolicyError(unknown("policy", name, policies()))
        return cls._shipped(name)

    @classmethod
    def read(cls, path: str | Path) -> Self:
        """Read a policy file; every field must be there, with its source beside it.

        Raises PolicyError for a file that cannot be read, an unknown field or an unknown word,
        and for another policy with the name of one that ships with the package.
        """
        file = path_of("a policy", path, PolicyError)
        try:
            text = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise PolicyError(f"the policy file {path} cannot be read: {error}") from error
        try:
            return cls(**_parsed(text, str(path)))
        except PolicyError as error:
            prefix = "" if str(error).startswith(str(path)) else f"{path}: "
            raise PolicyError(f"{prefix}{error}") from error

    @classmethod
    def of(cls, policy: "str | Path | Policy") -> "Policy":
        """A policy given itself, by its name, or as the path of a .toml file."""
        if isinstance(policy, Policy):
            return policy
        if isinstance(policy, str | Path) and str(policy).endswith(".toml"):
            return cls.read(policy)
        return cls.named(str(policy) if isinstance(policy, Path) else policy)

    @classmethod
    def strictest(cls, several: "Iterable[str | Policy]") -> "Policy":
        """Take the strictest value of each field; its name lists the policies joined by "+".

        several: policies, or what `of` takes for one.

        Order, repetition and grouping of the policies make no difference.
        Raises PolicyError where there is none, and where two different ones have one name.
        """
        if isinstance(several, str | Policy) or not isinstance(several, Iterable):
            raise PolicyError(f"several policies are given as a list, not {shown(several)}")
        chosen = _members(cls.of(one) for one in several)
        if len(chosen) == 1:
            return chosen[0]
        values = _strictest(chosen)
        return cls(
            name="+".join(one.name for one in chosen),
            title="Strictest of: " + "; ".join(one.title for one in chosen),
            version="+".join(one.version for one in chosen),
            sources=_joined_sources(chosen, values),
            members=chosen,
            **values,
        )

    @property
    def hash(self) -> str:
        """SHA-256 over name, version and every value, so that a verdict can be traced."""
        return _hash_of({name: getattr(self, name) for name in ("name", "version", *SETTINGS)})

    @classmethod
    @cache
    def _shipped(cls, name: str) -> Self:
        """Read a policy of the package once: it is frozen, and every table asks for it."""
        return cls(**_shipped_values(name))


@cache
def policies() -> tuple[str, ...]:
    """Names of the policies that ship with the package."""
    folder = resources.files("output_checks") / "policies"
    return tuple(
        sorted(file.name.removesuffix(".toml") for file in folder.iterdir() if file.is_file())
    )


@cache
def _shipped_values(name: str) -> Mapping[str, Any]:
    file = resources.files("output_checks") / "policies" / f"{name}.toml"
    return MappingProxyType(_parsed(file.read_text(encoding="utf-8"), f"{name}.toml"))


def _parsed(text: str, where: str) -> dict[str, Any]:
    """What a policy file says, by the names of a policy's fields."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PolicyError(f"{where} is not valid TOML: {error}") from error
    words: dict[str, Any] = {name: _word(content, name, where) for name in _WORDS}
    if "+" in words["name"]:
        raise PolicyError(
            f'{where}: "name" cannot hold a "+", which joins the names of several policies: '
            f"{words['name']!r}"
        )
    for name in content:
        if name not in words and name not in SETTINGS:
            raise PolicyError(f"{where}: " + unknown("field", name, (*words, *SETTINGS)))
    read = {name: _value(content, name, where) for name in SETTINGS}
    return {
        **words,
        **{name: value for name, (value, _) in read.items()},
        "sources": MappingProxyType({name: source for name, (_, source) in read.items()}),
    }


def _hash_of(values: Mapping[str, Any]) -> str:
    texts = {name: str(values[name]) for name in ("name", "version", *SETTINGS)}
    return hashlib.sha256(json.dumps(texts, sort_keys=True).encode()).hexdigest()


def _read(setting: Setting, name: str, value: object) -> Any:
    """A field's value as it is kept; infinity stands for the file's word."""
    try:
        return setting.read("never" if isinstance(value, float) and value == NEVER else value)
    except ValueError as error:
        raise PolicyError(f"{name} {error}") from error


def _refuse_no_strictest(policy: Policy) -> None:
    """A joined name is only for what `strictest` makes of the policies that it names."""
    kept = _strictest(policy.members) if policy.members else {}
    names = "+".join(one.name for one in policy.members)
    if policy.name != names or any(getattr(policy, one) != kept[one] for one in SETTINGS):
        raise PolicyError(
            f'"name" is {policy.name!r}, but this is not the strictest of {names or "several"}; '
            'choose another name without "+", and no members'
        )


def _strictest(several: Iterable[Policy]) -> dict[str, Any]:
    chosen = tuple(several)
    return {
        name: reduce(setting.strictest, (getattr(one, name) for one in chosen))
        for name, setting in SETTINGS.items()
    }


def _members(several: Iterable[Policy]) -> tuple[Policy, ...]:
    """Every single policy of some, each once, in the order of their names."""
    found: dict[str, Policy] = {}
    for one in (member for policy in several for member in policy.members or (policy,)):
        if found.setdefault(one.name, one).hash != one.hash:
            raise PolicyError(
                f'two different policies are called "{one.name}"; give one of them another name '
                "or version of its name, since a verdict must say which one it means"
            )
    if not found:
        raise PolicyError("the strictest of no policies is not defined: give at least one")
    return tuple(found[name] for name in sorted(found))


def _joined_sources(chosen: Iterable[Policy], values: Mapping[str, Any]) -> Mapping[str, str]:
    return MappingProxyType(
        {
            name: "; ".join(
                f"{one.name}: {one.sources.get(name, 'no source given')}"
                for one in chosen
                if getattr(one, name) == value
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
