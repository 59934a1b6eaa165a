"""What is planted for R, and how it is seen whether R ran it."""

from typing import TYPE_CHECKING

from tre.attack.attack import CannotAttackError
from tre.attack.inside import planting
from tre.attack.judging import value_of

if TYPE_CHECKING:
    from tre.attack.kernel import Kernel
    from tre.attack.target import Target

SITE = "attack-site.R"


def _mark(folder: str, what: str) -> str:
    return f'file.create("{folder}/{planting.MARK}-{what}")\n'


def r_files(folder: str) -> dict[str, str]:
    """Code that R may run when it starts, and variables that name such code, by file."""
    return {
        ".Rprofile": _mark(folder, "r-profile"),
        ".Renviron": f"R_PROFILE=/workspace/{SITE}\nR_PROFILE_USER=/workspace/{SITE}\n",
        SITE: _mark(folder, "r-environ"),
    }


def start_r(target: "Target") -> tuple[str, ...]:
    """Start R and list the marks that it left; then run the planted code, which must leave one.

    Raises CannotAttackError where R says nothing, or the code leaves no mark when it is run.
    """
    kernel = target.finn.start_kernel("ir")
    try:
        _said(kernel, 'cat("R runs")', "R runs")
        left = _marks(target)
        _said(kernel, f'source("/workspace/{SITE}"); cat("sourced")', "sourced")
        if f"{planting.MARK}-r-environ" not in _marks(target):
            message = "the code that was planted for R leaves no mark when it is run"
            raise CannotAttackError(message)
        return left
    finally:
        target.finn.stop_kernel(kernel)


def _said(kernel: "Kernel", code: str, expected: str) -> None:
    heard = kernel.run(code, seconds=60)
    text = "".join(str(one.content.get("text", "")) for one in heard)
    if expected not in text:
        message = f"R did not run: {text[:200] or 'it said nothing'}"
        raise CannotAttackError(message)


def _marks(target: "Target") -> tuple[str, ...]:
    return tuple(value_of(target.colleagues_kernel.call(planting.marks, target.folder)))
