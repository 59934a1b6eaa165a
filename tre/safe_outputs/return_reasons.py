"""Why a request goes back to its author: a few words, so that they can be counted."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class ReturnReason(StrEnum):
    """The main reason for a return; what exactly to change stands in the checker's own words."""

    UNROUNDED = "unrounded counts"
    CONTEXT = "too little context"
    SMALL_COUNTS = "small or unredacted counts"
    NO_DATA = "no underlying data"
    FILE_TYPE = "file type"
    OTHER = "other"


RETURN_REASONS: Mapping[ReturnReason, str] = MappingProxyType(
    {
        ReturnReason.UNROUNDED: "Counts, or what is made of them, are not rounded as the policy "
        "asks.",
        ReturnReason.CONTEXT: "It does not say what is shown, of which population, made of what.",
        ReturnReason.SMALL_COUNTS: "A count below the threshold is shown, or can be worked out.",
        ReturnReason.NO_DATA: "A figure or model came without the numbers behind it.",
        ReturnReason.FILE_TYPE: "A file is of a type that cannot be reviewed or released.",
        ReturnReason.OTHER: "Something else: the words beside it say what.",
    }
)
"""What each reason means, in the order in which a form offers them.

Source: the reasons that OpenSAFELY found for what its checkers turned down.
"""

NOT_SAID = "not said"
"""What stands in figures for returns from before reasons were asked for."""
