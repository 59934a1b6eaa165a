"""What to ask for, as the command line writes it: messages of the library name its arguments."""

import re
from collections.abc import Mapping
from types import MappingProxyType

_FLAGS = frozenset(
    ["of", "per", "weight", "within", "where", "epsilon", "amounts", "base", "digits", "secret"]
)
_ASKED = re.compile(r"\b([a-z]+(?:_[a-z]+)*)=(?:\"…\"|\[…\]|…)")
"""An argument whose value is left open."""
_WRITTEN: Mapping[re.Pattern[str], str] = MappingProxyType(
    {
        re.compile(r"\bwithin=\[…\], \[\] for"): "--within …, --within '' for",
        re.compile(
            r"\bcategories=\{dimension: \[labels\]\}"
        ): "--categories FILE.json, which holds {dimension: [labels]}",
        re.compile(r'\bcategories="(\w+)"'): r"--categories \1",
        re.compile(r"\bbounds=\(lower, upper\)"): "--bounds lower,upper",
        re.compile(r"\bmargins=True"): "--margins",
        re.compile(r'\bderive=\{"([^"]+)": "([^"]+)"\}'): r"--derive '\1=\2'",
    }
)
"""How whole arguments are written instead."""


def as_options(message: str) -> str:
    """A message with the arguments that it asks for written as options."""
    for argument, option in _WRITTEN.items():
        message = argument.sub(option, message)
    return _ASKED.sub(_option, message)


def _option(found: re.Match[str]) -> str:
    name = found[1]
    return f"--{name} …" if name in _FLAGS else f"--option {name}=…"
