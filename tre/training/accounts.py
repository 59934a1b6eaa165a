"""The demonstration's keys on disk, and the table of accounts that `tre up` prints."""

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tre.config import Config
from tre.decision import NotThereError
from tre.training.demo import PEOPLE, DemoPerson
from tre.vocabulary import PersonId

_WORDS = (
    "amber anchor apple april autumn badge basket beacon birch bridge bronze butter candle canyon "
    "carpet castle cedar cherry cinema clover cobalt copper coral cotton cricket crystal daisy "
    "desert dolphin dragon ember falcon feather fennel fiddle forest fossil garden ginger glacier "
    "granite hammer harbour hazel heron honey island ivory jacket jasmine jungle kettle ladder "
    "lagoon lantern lemon linen lobster magnet maple marble meadow melon mirror mustard nectar "
    "nutmeg oasis olive orbit orchid otter oyster paddle panda paper parrot pebble pepper piano "
    "pigeon planet plum pocket poppy quartz rabbit raven ribbon river rocket saddle saffron salmon "
    "sandal silver spruce summer sunset teapot thistle tiger timber tulip tunnel velvet violet "
    "walnut willow winter yellow zebra"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoKeys:
    """One password for every demonstration account of a world, and each one's TOTP secret."""

    password: str
    totp_secrets: Mapping[PersonId, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoAccount:
    """A row of the table that `tre up` prints."""

    id: PersonId
    name: str
    role: str
    try_this: str


def new_password() -> str:
    """Draw four words: easy to type, about 27 bits, for a world of invented people.

    No word holds one of their sign-in names, which no password may.
    """
    words = [word for word in _WORDS.split() if not any(one.id in word for one in PEOPLE)]
    return "-".join(secrets.SystemRandom().sample(words, 4))


def keys_file(home: Path) -> Path:
    """The file that holds the demonstration's keys."""
    return home / "keys" / "demo.json"


def write_keys(home: Path, keys: DemoKeys) -> None:
    """Keep the keys where the account that runs the simulator alone can read them."""
    file = keys_file(home)
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    people = {person: {"totp_secret": secret} for person, secret in keys.totp_secrets.items()}
    text = json.dumps({"password": keys.password, "people": people}, indent=1)
    part = file.with_suffix(".part")
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(text + "\n")
        stream.flush()
        os.fsync(stream.fileno())
    part.replace(file)


def read_keys(home: Path) -> DemoKeys:
    """Read the keys of a built world.

    Raises NotThereError before the world is built.
    """
    try:
        told = json.loads(keys_file(home).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        message = f"{home} holds no demonstration world yet: `tre build` makes one"
        raise NotThereError(message) from error
    secrets_told = {person: each["totp_secret"] for person, each in told["people"].items()}
    return DemoKeys(password=told["password"], totp_secrets=secrets_told)


def demo_password(config: Config) -> str:
    """The password of every demonstration account of this world."""
    return read_keys(config.home).password


def demo_accounts(config: Config) -> tuple[DemoAccount, ...]:
    """List the accounts of this world in the order in which a visitor tries them.

    Raises NotThereError before the world is built.
    """
    known = read_keys(config.home).totp_secrets
    return tuple(_row(demo) for demo in PEOPLE if demo.id in known)


def _row(demo: DemoPerson) -> DemoAccount:
    return DemoAccount(id=demo.id, name=demo.name, role=str(demo.role), try_this=demo.try_this)
