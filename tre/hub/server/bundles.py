"""What a display message brings: the same output in several formats, of which some are shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from tre.hub.server.display import is_shown, not_shown


@dataclass(frozen=True, slots=True)
class Bundle:
    """A display without what is not shown.

    content: the message's content, as it goes on. withheld: formats taken out, in words, or "".
    sizes: characters by format, of what goes on.
    """

    KINDS: ClassVar[frozenset[str]] = frozenset(
        {"display_data", "execute_result", "update_display_data"}
    )

    content: Mapping[str, Any]
    withheld: str
    sizes: dict[str, int]


def display_of(kind: object, content: Mapping[str, Any]) -> Bundle | None:
    """Look at a display message's content; None for messages that display nothing."""
    data = content.get("data")
    if kind not in Bundle.KINDS or not isinstance(data, dict):
        return None
    withheld = ", ".join(not_shown(data))[:80]
    shown = {name: value for name, value in data.items() if is_shown(name)}
    if withheld and not shown:
        shown = {"text/plain": f"(an output of {withheld} is not shown; ask for its release)"}
    sizes = {name: _size(value) for name, value in shown.items()}
    return Bundle(content={**content, "data": shown}, withheld=withheld, sizes=sizes)


def _size(value: object) -> int:
    if isinstance(value, list):
        return sum(_size(each) for each in value)
    return len(value) if isinstance(value, str) else len(str(value))
