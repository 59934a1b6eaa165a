"""Options that several commands share: dataclasses whose fields become a command's options."""

from collections.abc import Callable, Iterator
from dataclasses import MISSING, Field, fields
from inspect import Parameter, Signature
from typing import Any, get_type_hints


def taking(*kinds: type[Any]) -> Callable[[Callable[..., int]], Callable[..., int]]:
    """Make the fields of dataclasses the options of a command, which is called with the values.

    A field is annotated as typer wants it; one without a default must be given.
    """

    def made(command: Callable[..., int]) -> Callable[..., int]:
        parameters = [one for kind in kinds for one in _parameters(kind)]

        def called(**given: Any) -> int:
            return command(
                *(kind(**{one.name: given[one.name] for one in fields(kind)}) for kind in kinds)
            )

        called.__doc__ = command.__doc__
        called.__annotations__ = {one.name: one.annotation for one in parameters}
        called.__signature__ = Signature(parameters)  # ty: ignore[missing-attribute]
        return called

    return made


def _parameters(kind: type[Any]) -> Iterator[Parameter]:
    hints = get_type_hints(kind, include_extras=True)
    for one in fields(kind):
        yield Parameter(
            one.name, Parameter.KEYWORD_ONLY, default=_default(one), annotation=hints[one.name]
        )


def _default(one: Field[Any]) -> Any:
    if one.default_factory is not MISSING:
        return one.default_factory()
    return Parameter.empty if one.default is MISSING else one.default
