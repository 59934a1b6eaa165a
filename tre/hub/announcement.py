"""What `tre up` says when everything answers: where to go, and as whom."""

import os
import shlex
import sys
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from tre.config import DEFAULT_HOME, Config
from tre.decision import UnusableRequestError
from tre.training.accounts import demo_accounts, keys_file, read_keys
from tre.vocabulary import PersonId


def announce(config: Config, console: Console) -> None:
    """Print the addresses, and the demonstration's accounts where this is one."""
    console.print()
    console.print(f"[bold]Hub[/bold]   {config.url}   sessions: sign in here")
    console.print(f"[bold]Desk[/bold]  {config.desk_address}   requests, reviews, releases, ledger")
    console.print()
    if keys_file(config.home).exists():
        _announce_accounts(config, console)
    console.print("Ctrl-C stops everything that was started here.", style="dim")


def _announce_accounts(config: Config, console: Console) -> None:
    try:
        accounts, password = demo_accounts(config), read_keys(config.home).password
    except UnusableRequestError:
        return
    table = Table(title="Demonstration accounts: invented people", title_justify="left")
    for heading in ("Name", "Who", "What to try"):
        table.add_column(heading, overflow="fold")
    for account in accounts:
        table.add_row(account.id, f"{account.name}, {account.role}", account.try_this)
    console.print(table)
    console.print(f"Password of all of them: [bold]{password}[/bold]")
    example = escape(code_command(config.home, accounts[0].id))
    console.print("One-time code (for 30 seconds), from another terminal:")
    console.print(f"  [bold]{example}[/bold]", soft_wrap=True)
    console.print()


STARTED_IN = "TRE_STARTED_IN"
"""Names, for the hub, the folder in which `tre up` was typed: commands are shown as seen there."""


def code_command(home: Path, person: PersonId) -> str:
    """Write the command that prints a person's code, as it can be typed where we were started."""
    program = Path(sys.executable).with_name("tre")
    here = Path(os.environ.get(STARTED_IN) or Path.cwd())
    words = [_as_seen_from(here, program), "person", "code", person]
    if home != here / DEFAULT_HOME:
        words += ["--home", _as_seen_from(here, home)]
    return shlex.join(words)


def _as_seen_from(here: Path, path: Path) -> str:
    return str(path.relative_to(here) if path.is_relative_to(here) else path)
