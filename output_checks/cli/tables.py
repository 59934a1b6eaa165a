"""Make tables: asked for word by word, or as a declaration says."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from output_checks.cli.answering import working
from output_checks.cli.asking import Protecting, Question
from output_checks.cli.reading import read_text
from output_checks.cli.signature import taking
from output_checks.cli.writing import Writing
from output_checks.data import Data, rebuild
from output_checks.declaration import Declaration


@dataclass(frozen=True, kw_only=True)
class Rebuilding:
    """What to rebuild from what."""

    declared: Annotated[
        Path, typer.Argument(metavar="DECLARATION", help="The declaration (.json).")
    ]
    data: Annotated[Path, typer.Argument(help="A Parquet or CSV file with the same data.")]
    policy: Annotated[str | None, typer.Option(help="Another policy than the declared one.")] = None


@taking(Question, Protecting, Writing)
def table(question: Question, protecting: Protecting, writing: Writing) -> int:
    """Make a table, judge it, and protect it where asked.

    The exit status says what the check found: 0 pass, 1 a person must look, 2 fail; 3 where it
    could not be carried out.
    """
    writing.refuse_unwritable(*question.files(), *protecting.files())
    with working("Making the table"):
        made = question.table()
    with working("Protecting it"):
        made = protecting.applied(made)
    return writing.answer(made)


@taking(Rebuilding, Writing)
def rebuild_declared(asked: Rebuilding, writing: Writing) -> int:
    """Make a declared table again from the data, protection included, and judge it.

    Noise cannot be drawn twice, so a table with noise cannot be rebuilt.
    """
    writing.refuse_unwritable(asked.declared, asked.data)
    declaration = Declaration.from_json(read_text(asked.declared))
    with working("Making the table again"):
        data = Data.read(asked.data, unit=declaration.unit, name=declaration.dataset)
        made = rebuild(declaration, data, asked.policy)
    return writing.answer(made)
