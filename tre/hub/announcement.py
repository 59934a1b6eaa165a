"""What `tre up` says when everything answers: where to go, and as whom."""

from rich.console import Console
from rich.table import Table

from tre.config import Config
from tre.decision import UnusableRequestError
from tre.training.accounts import demo_accounts, keys_file, read_keys


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
    console.print("One-time code (30 seconds): [bold]tre person code NAME[/bold]")
    console.print()
