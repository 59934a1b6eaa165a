"""Under which agreement a linkage was last run: its description, narrowed to that."""

import json

from tre.decision import UnusableRequestError
from tre.safe_data.linkages.linkage import Linkage
from tre.safe_data.parties import Parties


def as_run(parties: Parties, linkage: Linkage) -> Linkage:
    """The description as the latest run had it.

    Raises UnusableRequestError before the first run, and where its record cannot be read.
    """
    folder = parties.latest(linkage.id, linkage.place)
    try:
        told = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        period = told.get("period", "")
    except (OSError, ValueError, AttributeError) as error:
        message = (
            f"the record of the linkage {linkage.id!r}, version {folder.name}, cannot be read; "
            f"run it again: tre linkage run {linkage.id}"
        )
        raise UnusableRequestError(message) from error
    return linkage.during(period)
