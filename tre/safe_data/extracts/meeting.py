"""Where the parts of an extract meet, and the record of what was brought there for it."""

from dataclasses import dataclass, field

import polars as pl

from tre.decision import UnusableRequestError
from tre.safe_data.extracts.request import ExtractRequest
from tre.safe_data.files import write_table
from tre.safe_data.linkages.linkage import CDLS, SRS, Linkage
from tre.safe_data.linking.transfer import Transfer
from tre.safe_data.parties import Parties


def meeting_place(linkages: tuple[Linkage, ...], request: ExtractRequest) -> str:
    """The SRS where any of the linkages lives there, else the CDLS.

    What lives in the SRS never leaves it, so that the CDLS brings its part there. Raises
    UnusableRequestError where a project needs both and has not said how it gets them.
    """
    places = {linkage.place for linkage in linkages}
    if SRS in places and CDLS in places and not request.meeting.strip():
        here = ", ".join(one.id for one in linkages if one.place == SRS)
        there = ", ".join(one.id for one in linkages if one.place == CDLS)
        message = (
            f"{here} can be seen in the {SRS} only, and {there} at the {CDLS}: the project must "
            "say how it gets both (the meeting of its data, in its application)"
        )
        raise UnusableRequestError(message)
    return SRS if SRS in places else CDLS


@dataclass(slots=True, kw_only=True)
class Meeting:
    """What is brought to one place for one extract. transfers: the record so far."""

    parties: Parties
    request: ExtractRequest
    place: str
    transfers: list[Transfer] = field(default_factory=list)

    def bring(self, frame: pl.DataFrame, sender: str, purpose: str, linkage: Linkage) -> None:
        """Record a file that was brought; it goes once it is joined, and its hash stays.

        What is at the place already is brought by nobody.
        """
        if sender == self.place:
            return
        file = self.parties.of(self.place) / "incoming" / f"{self.request.project}.parquet"
        digest = write_table(frame, file)
        file.unlink()
        self.transfers.append(
            Transfer(
                linkage=linkage.id,
                sender=sender,
                receiver=self.place,
                purpose=purpose,
                columns=tuple(frame.columns),
                rows=len(frame),
                legal_basis=linkage.access_basis,
                on=self.request.on,
                sha256=digest,
            )
        )
