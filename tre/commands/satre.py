"""`tre satre`: the self-assessment against SATRE, with the checks that speak for it."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from tre.commands.asking import asking, opened
from tre.commands.showing import Json, say, show_json, show_table
from tre.safe_outputs.atomic_file import write_whole
from tre.steps.assess import PILLARS, SOURCE, Answer, Asked, Assessment, as_csv, assess
from tre.steps.tre import Tre
from tre.vocabulary import PersonId


def satre(
    context: typer.Context,
    *,
    run: Annotated[
        bool, typer.Option("--run", help="Ask every check; some take minutes on a large world.")
    ] = False,
    tests: Annotated[
        list[str] | None,
        typer.Option(
            "--tests",
            metavar="ID",
            help="Run the tests of this statement too (3.1.02, 3.1 or all); may be given again.",
        ),
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="Show all statements, not only the pillars.")
    ] = False,
    table: Annotated[
        Path | None, typer.Option("--csv", help="Write ids and 0, 1 or 2 to this file.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Assess this environment against SATRE, statement by statement: 2 shown, 1 partly, 0 not.

    What software shows has tests of the repository behind it, which --tests runs, and checks that
    are asked here: one that fails takes the score of what it speaks for. What is organisational
    scores 0 until you raise it yourself. Exit status 2 where a check or a test failed.
    Example: tre satre --run --csv us.csv
    """
    asked = asking(context)
    with opened(asked.config()) as tre:
        machine = {"machine-sealed": _sealed} if run else {}
        found = assess(tre, asked.as_manager(), everything=run, machine=machine, tests=tests or ())
    if table is not None:
        write_whole(table, as_csv(found).encode())
    if as_json:
        show_json({"source": SOURCE, "counts": found.counts(), "assessment": found})
    else:
        _show(found, every=every)
    if found.failed or found.failed_tests:
        raise typer.Exit(2)


def _show(found: Assessment, *, every: bool) -> None:
    names = ("statements", "shown", "partly", "organisational", "failed")
    pillars: list[tuple[object, ...]] = []
    for pillar in (*PILLARS.values(), None):
        counts = found.counts(pillar)
        score = f"{counts['score']} of {counts['of']}"
        pillars.append((pillar or "all", *(counts[name] for name in names), score))
    show_table(("pillar", *names, "score"), pillars, empty="")
    if every:
        say("")
        rows = [_row(answer) for answer in found.answers]
        show_table(("id", "importance", "score", "standing", "about"), rows, empty="")
    _say_checks(found.checks)
    _say_tests(found)
    say(f"\n{SOURCE}")


def _row(answer: Answer) -> tuple[object, ...]:
    one = answer.statement
    standing = "FAILED" if answer.problems else str(one.standing)
    return (one.id, str(one.importance), answer.score, standing, f"{one.about}: {one.says}")


def _say_checks(checks: Iterable[Asked]) -> None:
    listed = list(checks)
    held = sum(one.problems == () for one in listed)
    say(f"\n{held} of {len(listed)} checks held.")
    for one in listed:
        for problem in one.problems or ():
            say(f"FAILED {one.name}: {problem}")
    if waiting := [one.name for one in listed if one.problems is None]:
        say(f"Not asked: {', '.join(waiting)}. `tre satre --run` asks all.")


def _say_tests(found: Assessment) -> None:
    if not found.tests:
        return
    passed = sum(came == "passed" for came in found.tests.values())
    say(f"\n{passed} of {len(found.tests)} tests passed.")
    for name, came in found.tests.items():
        if came != "passed":
            say(f"{came.upper()} {name}")


def _sealed(tre: Tre, actor: PersonId) -> Iterable[str]:
    """Ask the machine what the doctor asks, but for ports, which are in use while it serves."""
    from tre.hub.doctor import examine  # noqa: PLC0415  (JupyterHub takes a second to load)

    _ = actor
    for one in examine(tre.config):
        if not one.ok and one.needed and one.name != "ports":
            yield f"{one.name}: {one.message}"
