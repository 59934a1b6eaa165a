"""Signatures as people write them: without modules before names, one parameter a line if long."""

import inspect
import re
from collections.abc import Callable
from enum import Enum
from typing import Any

WIDEST = 88
_MODULES = re.compile(r"\b(?:[a-z_][a-z_0-9]*\.)+(?=[A-Z])|\btyping\.|\bcollections\.abc\.")


def signature(name: str, called: Callable[..., Any], *, is_method: bool = False) -> str:
    """Write `name(…) -> …`; the first parameter of a method is left out."""
    read = inspect.signature(called)
    parameters = list(read.parameters.values())[1 if is_method else 0 :]
    texts = _separated(parameters)
    given = read.return_annotation
    is_class = isinstance(called, type)
    returned = "" if is_class or given is read.empty else f" -> {annotation(given)}"
    short = f"{name}({', '.join(texts)}){returned}"
    if len(short) <= WIDEST:
        return short
    return f"{name}(\n" + "".join(f"    {text},\n" for text in texts) + f"){returned}"


def annotation(given: Any) -> str:
    """Write a type by its name alone."""
    text = given if isinstance(given, str) else inspect.formatannotation(given)
    return _MODULES.sub("", text).replace("'", "").replace("~", "")


def _separated(parameters: list[inspect.Parameter]) -> list[str]:
    """Each parameter, and the star before those that can only be given by name."""
    texts: list[str] = []
    starred = False
    for one in parameters:
        starred = starred or one.kind is one.VAR_POSITIONAL
        if one.kind is one.KEYWORD_ONLY and not starred:
            texts.append("*")
            starred = True
        texts.append(_parameter(one))
    return texts


def _parameter(one: inspect.Parameter) -> str:
    star = {one.VAR_POSITIONAL: "*", one.VAR_KEYWORD: "**"}.get(one.kind, "")
    typed = "" if one.annotation is one.empty else f": {annotation(one.annotation)}"
    if one.default is one.empty:
        return f"{star}{one.name}{typed}"
    return f"{one.name}{typed} = {_default(one.default)}"


def _default(value: Any) -> str:
    if isinstance(value, Enum):
        return str(value)
    text = repr(value)
    if text.startswith("<"):  # dataclasses' sign for a value that is made anew each time
        return "…"
    return f'"{value}"' if isinstance(value, str) else text
