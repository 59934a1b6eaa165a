"""How far a long piece of work has come, told to whoever waits for it."""

from collections.abc import Callable

Progress = Callable[[str, float], None]
"""Called with the stage in plain words and the share done of the whole call, 0 to 1."""


def silent(stage: str, share: float) -> None:
    """Tell nobody."""
    _ = stage, share
