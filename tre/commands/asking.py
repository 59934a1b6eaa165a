"""Which data home a command works on, and as whom it asks."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import typer

from tre.config import Config
from tre.decision import NotThereError
from tre.steps.tre import Tre, open_tre
from tre.steps.world_record import has_world
from tre.vocabulary import PersonId

MANAGER: PersonId = "mia"
LINKER: PersonId = "lena"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """What was said before the command's name.

    person: None leaves it to the command: the TRE manager, or the data linker for linkages.
    Whoever may write to the data home is the operator of the machine, and may ask as anybody;
    the Five Safes are asked about that person all the same, and the ledger names them.
    """

    home: Path | None
    person: PersonId | None

    def config(self) -> Config:
        """Read the settings of the data home."""
        return Config.load(self.home)

    def as_manager(self) -> PersonId:
        """Who asks, where a TRE manager usually does."""
        return self.person or MANAGER

    def as_linker(self) -> PersonId:
        """Who asks, where a data linker usually does."""
        return self.person or LINKER


def asking(context: typer.Context) -> Asking:
    """Give what was said before the command's name."""
    return context.find_object(Asking) or Asking(home=None, person=None)


@contextmanager
def opened(config: Config, *, to_verify: bool = False) -> Generator[Tre]:
    """Open the environment that is there for one command; only `up` and `build` make one.

    to_verify: also where the ledger's key is gone. Raises NotThereError where there is none, and
    makes nothing.
    """
    if not has_world(config.home):
        message = (
            f"there is no world in {config.home}; make one with tre build, or name another "
            "with --home"
        )
        raise NotThereError(message)
    with made(config, to_verify=to_verify) as tre:
        yield tre


@contextmanager
def made(config: Config, *, to_verify: bool = False) -> Generator[Tre]:
    """Open the environment, and make its data home where there is none."""
    tre = open_tre(config, to_verify=to_verify)
    try:
        yield tre
    finally:
        tre.close()
