"""How a probe went inside a session, as it is told to the judge outside."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One of three: it gave a value, met an errno ("EPERM"), or ended in another way.

    said: the error's own words. ended: an exception's name, or "signal 31" of a child.
    """

    value: Any = None
    errno: str = ""
    ended: str = ""
    said: str = ""

    @property
    def succeeded(self) -> bool:
        """Whether it gave a value."""
        return not self.errno and not self.ended

    def __str__(self) -> str:
        if self.succeeded:
            return f"succeeded ({self.value!r})"[:300]
        return (self.errno or f"{self.ended} {self.said}").strip()[:300]


def read_report(told: dict[str, Any]) -> Report:
    """Read what `inside.calls.reported` wrote; a child's report inside it counts as its own."""
    if "signal" in told:
        return Report(ended=f"signal {told['signal']}")
    if "errno" in told:
        return Report(errno=str(told["errno"]), said=str(told.get("said", "")))
    if "error" in told:
        return Report(ended=str(told["error"]), said=str(told.get("said", "")))
    value = told.get("value")
    is_childs = isinstance(value, dict) and bool({"signal", "errno", "error"} & value.keys())
    if is_childs or (isinstance(value, dict) and value.keys() == {"value"}):
        return read_report(value)
    return Report(value=value)
