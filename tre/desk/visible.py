"""What cannot be seen, or turns the letters around it, is shown as a sign in its place."""

import re
from typing import Any

_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)
"""Control characters but tab and line ends, and those that set the direction of writing.

Source: Unicode Technical Report 36, section 2.8 (bidirectional text spoofing).
"""


def visible(value: Any) -> Any:
    """Give a text as a page shows it: a file called `fdp.exe` must not read `exe.pdf`.

    What is no plain text, such as markup that was made before, is given as it is.
    """
    if isinstance(value, str) and not hasattr(value, "__html__"):
        return _UNSEEN.sub("\N{REPLACEMENT CHARACTER}", value)
    return value
