"""How the hub's pages look, and what a browser may do on them."""

import base64
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from markupsafe import Markup

from tre.config import Config
from tre.hub.announcement import code_command
from tre.hub.gate import Card, Gate
from tre.training.accounts import keys_file

TEMPLATES = Path(__file__).parent / "templates"


def template_values(config: Config, gate: Gate) -> dict[str, Any]:
    """What the pages are filled with, beside JupyterHub's own values.

    JupyterHub calls a function with the user for every page: these give back a second function,
    so that only the page that shows projects asks for them.
    """

    def projects_of(user: Any) -> Callable[[], tuple[Card, ...]]:
        return lambda: in_reading_order(gate.my_projects(user.name))

    def running_of(user: Any) -> Callable[[], frozenset[str]]:
        return lambda: running(user)

    return {
        "tre_style": _part("hub.css"),
        "tre_script": _part("hub.js"),
        "tre_desk": config.desk_address,
        "tre_code_command": _code_command(config),
        "tre_projects": projects_of,
        "tre_running": running_of,
    }


def _code_command(config: Config) -> str:
    """Say how a demonstration's one-time codes are printed; nothing where this is none."""
    return code_command(config.home, "NAME") if keys_file(config.home).exists() else ""


def in_reading_order(cards: tuple[Card, ...]) -> tuple[Card, ...]:
    """Put what can be opened before what is refused; otherwise as they came."""
    return tuple(sorted(cards, key=lambda card: not card.decision.allowed))


def running(user: Any) -> frozenset[str]:
    """The projects in which this person has a session now."""
    spawners = user.all_spawners(include_default=False)
    return frozenset(spawner.name for spawner in spawners if spawner.active)


def page_policy(config: Config) -> str:
    """Allow the hub's pages their own style and script, known by their hashes, and nothing else."""
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src {_hash('hub.css')}",
            f"script-src {_hash('hub.js')}",
            "img-src 'self' data:",
            "connect-src 'self'",
            f"form-action 'self' {config.url} {config.desk_address}",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )


def _part(name: str) -> Markup:
    return Markup(_text(name))  # noqa: S704 - a file of this package


def _hash(name: str) -> str:
    digest = hashlib.sha256(_text(name).encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _text(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")
