"""Signatures as people write them: without modules before names, one parameter a line if long."""

import inspect
import re
from collections.abc import Callable
from enum import Enum
from typing import Any, Unpack, get_args, get_origin

WIDEST = 88
LONGEST_DEFAULT = 40
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


def shared_options(called: Callable[..., Any]) -> type | None:
    """The TypedDict that says what `**options` may be, where a function has one."""
    for one in inspect.signature(called).parameters.values():
        if one.kind is one.VAR_KEYWORD and get_origin(one.annotation) is Unpack:
            return get_args(one.annotation)[0]
    return None


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
        is_unpacked = get_origin(one.annotation) is Unpack
        if (one.kind is one.KEYWORD_ONLY or is_unpacked) and not starred:
            texts.append("*")
            starred = True
        if is_unpacked:
            (options,) = get_args(one.annotation)
            texts += [f"{name}: {annotation(kind)}" for name, kind in _options(options)]
        else:
            texts.append(_parameter(one))
    return texts


def _options(kind: type) -> list[tuple[str, Any]]:
    return list(inspect.get_annotations(kind).items())


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
    if text.startswith("<") or len(text) > LONGEST_DEFAULT:  # "<": made anew each time
        return "…"
    return f'"{value}"' if isinstance(value, str) else text
