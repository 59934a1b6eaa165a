"""Where the lessons' notebooks lie: in the repository, or beside an installed package."""

import sys
from pathlib import Path


def lessons() -> tuple[Path, ...]:
    """List the notebooks that every workspace starts with, in order; none where none ship."""
    places = (
        Path(__file__).resolve().parents[2] / "notebooks",
        Path(sys.prefix) / "share" / "tre-simulator" / "notebooks",
    )
    folder = next((place for place in places if place.is_dir()), None)
    return tuple(sorted(folder.glob("*.ipynb"))) if folder else ()
