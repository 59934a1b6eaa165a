"""What may choose the people of a private table: nothing that fails for some of them only.

An expression that fails just where a certain person is there would tell that they are, for
nothing. So only functions and signs are let through that give null where they have no answer.
"""

import re

from output_checks.errors import DeclarationError
from output_checks.expressions import NEVER_FAILING, WORDS_BEFORE_A_BRACKET

_QUOTED = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`""")
_CALLED = re.compile(r"([^\W\d]\w*|')\s*\(")
_FAILING = re.compile(r"::|//|\*\*|[~^]|\b(?:rlike|regexp|div)\b", re.IGNORECASE)


def refuse_failing(where: str | None) -> None:
    """Raise DeclarationError for a condition that may fail for some people and not for others."""
    if not isinstance(where, str):
        return  # None, or of a kind that the declaration refuses
    bare = _QUOTED.sub("'", where)
    called = [
        one
        for one in _CALLED.findall(bare)
        if one.lower() not in NEVER_FAILING | WORDS_BEFORE_A_BRACKET
    ]
    found = [*called, *_FAILING.findall(bare)]
    if found:
        named = "a quoted name" if found[0] == "'" else f'"{found[0]}"'
        raise DeclarationError(
            f"where: {named} may fail for some people only, which would tell of them; for a "
            "private table use TRY_CAST(… AS …), comparisons, or one of "
            f"{', '.join(sorted(NEVER_FAILING))}"
        )
