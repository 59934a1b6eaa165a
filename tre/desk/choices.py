"""Words that a browser sent, turned into the words that the environment knows."""

from enum import StrEnum
from typing import TypeVar

from tre.decision import UnusableRequestError

Word = TypeVar("Word", bound=StrEnum)


def one_of(words: type[Word], said: str) -> Word:
    """Find the word that was said. Raises UnusableRequestError that names all that there are."""
    for word in words:
        if word.value == said:
            return word
    message = f"{said[:40]!r} is not one of: {', '.join(word.value for word in words)}"
    raise UnusableRequestError(message)
