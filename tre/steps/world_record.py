"""What is known about the simulated world of a data home, and how far its building has come."""

import json
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path

from tre.decision import UnusableRequestError
from tre.store.files import write_whole

FILE = "world.json"
_SIGNS = (FILE, "tre.sqlite", "keys/ledger.key")
"""Files of which a data home has at least one, also where its database is elsewhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A world under construction or complete.

    people, seed: what it is made from. built_on: the day that its dates count from.
    done: the stages that are finished, in order. left_out: what could not be built, and how to
    add it, in a sentence; "" for nothing.
    """

    people: int
    seed: int
    built_on: date
    done: tuple[str, ...] = ()
    left_out: str = ""
    complete: bool = False

    def after(self, stage: str) -> "World":
        """The world with one more stage finished."""
        return replace(self, done=(*self.done, stage))


def has_world(home: Path) -> bool:
    """Whether there is a data home in this folder, with a world in it or begun."""
    return any((home / sign).exists() for sign in _SIGNS)


def read_world(home: Path) -> World | None:
    """Read how far a world has come; None where none was begun.

    Raises UnusableRequestError for a record that cannot be understood.
    """
    file = home / FILE
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
        fixed = {"built_on": date.fromisoformat(told["built_on"]), "done": tuple(told["done"])}
        return World(**told | fixed)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        message = f"{file} is damaged: move the data home away and build a new world"
        raise UnusableRequestError(message) from error


def write_world(home: Path, world: World) -> None:
    """Keep how far a world has come, whole or not at all."""
    told = asdict(world) | {"built_on": world.built_on.isoformat()}
    text = json.dumps(told, indent=1) + "\n"
    write_whole(home / FILE, text.encode(), mode=0o644)
