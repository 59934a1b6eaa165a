"""Lists: policies, rules, and what was spent of a privacy budget."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Column
from rich.table import Table as RichTable

from output_checks.cli.answering import Json, plain, print_json, print_rows
from output_checks.policy import SETTINGS, Policy, policies
from output_checks.rules import RULES


def list_policies(*, as_json: Json = False) -> int:
    """List the policies with their values and sources."""
    known = [Policy.named(name) for name in policies()]
    rows = [
        {"name": one.name, "title": one.title, "hash": one.hash}
        | {
            name: {"value": plain(getattr(one, name)), "source": one.sources[name]}
            for name in SETTINGS
        }
        for one in known
    ]
    if as_json:
        print_json(rows)
        return 0
    drawn = RichTable(Column("setting", no_wrap=True), *[one.name for one in known])
    for name in SETTINGS:
        drawn.add_row(name, *[str(plain(getattr(one, name))) for one in known])
    Console().print(drawn)
    return 0


def list_rules(*, as_json: Json = False) -> int:
    """List the rules: what each finds, what helps, and where it is from."""
    rows = [
        {
            "name": one.name,
            "title": one.title,
            "finds": one.finds,
            "remedy": one.remedy,
            "source": one.source,
            "settings": list(one.fields),
        }
        for one in RULES.values()
    ]
    if as_json:
        print_json(rows)
    else:
        shown = ("name", "finds", "source")
        print_rows([{name: row[name] for name in shown} for row in rows], "There are no rules.")
    return 0


def budget(
    file: Annotated[Path, typer.Argument(help="Where the budget is kept.")],
    *,
    create: Annotated[
        float | None, typer.Option(metavar="EPSILON", help="Begin a budget of this much.")
    ] = None,
    as_json: Json = False,
) -> int:
    """Show what a privacy budget allows and what was spent of it, or begin one.

    Noise that names it with `--budget` spends from it, and is refused where it is spent.
    """
    from output_checks.protect.accounting import PrivacyBudget  # noqa: PLC0415 - seldom needed

    kept = PrivacyBudget.open(file) if create is None else PrivacyBudget.create(file, create)
    spent = [
        {"epsilon": one.epsilon, "delta": one.delta, "purpose": one.purpose} for one in kept.spent
    ]
    left = kept.remaining()[0]
    if as_json:
        print_json({"epsilon": kept.epsilon, "delta": kept.delta, "left": left, "spent": spent})
        return 0
    Console().print(f"{left:.6g} is left of epsilon {kept.epsilon:g}.")
    print_rows(spent, "Nothing was spent yet.")
    return 0
