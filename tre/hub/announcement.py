"""What `tre up` says when everything answers: where to go, and as whom."""

import shlex
import sys
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from tre.config import Config
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


def code_command(home: Path, person: PersonId) -> str:
    """Write the command that prints a person's code, as it can be typed in this very folder."""
    program = Path(sys.executable).with_name("tre")
    here = Path.cwd()
    typed = program.relative_to(here) if program.is_relative_to(here) else program
    words = [str(typed), "person", "code", person]
    if home != Config.load(None, {}).home:
        words += ["--home", str(home.relative_to(here) if home.is_relative_to(here) else home)]
    return shlex.join(words)
