"""Which kinds of output are for a person to look at; a machine's formats are not shown."""

from collections.abc import Iterable

SHOWN = frozenset(
    {
        "application/geo+json",
        "application/javascript",
        "application/json",
        "application/vnd.jupyter.stderr",
        "application/vnd.jupyter.stdout",
        "application/vnd.jupyter.widget-state+json",
        "application/vnd.jupyter.widget-view+json",
        "application/vnd.plotly.v1+json",
        "image/gif",
        "image/jpeg",
        "image/png",
        "image/svg+xml",
        "text/html",
        "text/latex",
        "text/markdown",
        "text/plain",
    }
)
"""What JupyterLab draws. Not here: text/csv, Arrow, table schemas, whatever else carries data."""

LONGEST = 60
"""Letters of a format's name, which could itself carry data."""

_CHARTS = ("application/vnd.vega.", "application/vnd.vegalite.")


def is_shown(mime_type: str) -> bool:
    """Whether an output of this type may go to a browser."""
    if mime_type.startswith(_CHARTS):
        return mime_type.endswith("+json") and len(mime_type) <= LONGEST
    return mime_type in SHOWN


def not_shown(mime_types: Iterable[str]) -> list[str]:
    """Those that may not, in the order of the alphabet."""
    return sorted(str(each) for each in mime_types if not is_shown(str(each)))
