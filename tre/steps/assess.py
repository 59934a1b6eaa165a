"""Assess the environment against SATRE: what is claimed, and which check speaks against it."""

import csv
import io
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from tre.five_safes import Subject
from tre.satre.statement import PILLARS, SCORES, SOURCE, Standing, Statement
from tre.satre.statements import STATEMENTS
from tre.steps.acting import acting
from tre.steps.assessing.check import Ask, Check
from tre.steps.assessing.checks import CHECKS
from tre.steps.assessing.named_tests import Came, run_tests, those_of
from tre.steps.tre import Tre
from tre.vocabulary import Action, PersonId

__all__ = ["PILLARS", "SOURCE", "Answer", "Asked", "Assessment", "as_csv", "assess"]

MOST_SAID = 20
"""Of so many things that are wrong a check tells; of the rest it says how many there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A check and what came of it. problems: None where it was not asked this time."""

    name: str
    says: str
    problems: tuple[str, ...] | None

    @property
    def came(self) -> str:
        """In a word: held, failed or not asked."""
        if self.problems is None:
            return "not asked"
        return "failed" if self.problems else "held"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A statement, its score, and why it is not what is claimed.

    score: 0, 1 or 2. problems: what failed checks have found, and tests that failed when they
    were run; the score is 0 then. not_asked: checks that were not asked, and tests that were
    skipped, so that its score rests on the others alone.
    """

    statement: Statement
    score: int
    problems: tuple[str, ...]
    not_asked: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """All statements in the order of SATRE, and all checks; tests: those that were run."""

    at: datetime
    answers: tuple[Answer, ...]
    checks: tuple[Asked, ...]
    tests: Mapping[str, Came]

    @property
    def failed(self) -> tuple[Asked, ...]:
        """The checks that failed."""
        return tuple(one for one in self.checks if one.problems)

    @property
    def failed_tests(self) -> tuple[str, ...]:
        """The tests that were run and failed, or are not there any more."""
        return tuple(name for name, came in self.tests.items() if came in _NOT_SHOWN)

    def of(self, pillar: str) -> tuple[Answer, ...]:
        """The answers of a pillar, by its name."""
        return tuple(one for one in self.answers if one.statement.pillar == pillar)

    def counts(self, pillar: str | None = None) -> dict[str, int]:
        """How many statements stand where, what they score, and what they could at most."""
        answers = self.answers if pillar is None else self.of(pillar)
        stand = Counter(one.statement.standing for one in answers)
        return {
            "statements": len(answers),
            **{str(standing): stand[standing] for standing in Standing},
            "failed": sum(bool(one.problems) for one in answers),
            "score": sum(one.score for one in answers),
            "of": len(answers) * max(SCORES.values()),
        }


_NOT_SHOWN = frozenset({Came.FAILED, Came.GONE})


def assess(
    tre: Tre,
    actor: PersonId,
    *,
    everything: bool = False,
    machine: Mapping[str, Ask] | None = None,
    tests: Collection[str] = (),
) -> Assessment:
    """Ask the quick checks, or all of them, run tests if wanted, and score every statement.

    machine: checks that only the machine's own command line can ask, by name. tests: ids of the
    statements whose tests are run as well, as `those_of` takes them. A check that cannot be
    carried out counts as failed. The ledger has what failed.
    """
    with acting(tre, actor, Action.VIEW_ASSESSMENT) as act:
        act.require(Subject())
    came = run_tests(those_of(STATEMENTS.values(), tests)) if tests else {}
    others = machine or {}
    asked = tuple(
        _ask(tre, actor, one, others.get(one.name, one.ask) if everything or one.quick else None)
        for one in CHECKS.values()
    )
    found = Assessment(at=tre.now(), answers=_answers(asked, came), checks=asked, tests=came)
    with acting(tre, actor, Action.VIEW_ASSESSMENT) as act:
        act.require(Subject())
        told = {"score": found.counts()["score"], "failed": [one.name for one in found.failed]}
        told |= {"tests": len(came), "failed_tests": list(found.failed_tests)} if came else {}
        act.record(told | {"asked": sum(one.problems is not None for one in asked)})
    return found


def _ask(tre: Tre, actor: PersonId, one: Check, ask: Ask | None) -> Asked:
    if ask is None:
        return Asked(name=one.name, says=one.says, problems=None)
    try:
        problems = tuple(ask(tre, actor))
    except Exception as error:  # noqa: BLE001  a check that breaks has not shown anything
        problems = (f"it could not be asked ({type(error).__name__}): {error}"[:300],)
    if len(problems) > MOST_SAID:
        problems = (*problems[:MOST_SAID], f"and {len(problems) - MOST_SAID:,} more")
    return Asked(name=one.name, says=one.says, problems=problems)


def _answers(asked: tuple[Asked, ...], came: Mapping[str, Came]) -> tuple[Answer, ...]:
    by_name = {one.name: one for one in asked}
    return tuple(_answer(statement, by_name, came) for statement in STATEMENTS.values())


def _answer(statement: Statement, asked: Mapping[str, Asked], came: Mapping[str, Came]) -> Answer:
    mine = [asked[name] for name in statement.checks]
    tested = {name: came[name] for name in statement.tests if name in came}
    problems = (
        *(f"{one.name}: {problem}" for one in mine for problem in one.problems or ()),
        *(f"{name}: {each}" for name, each in tested.items() if each in _NOT_SHOWN),
    )
    return Answer(
        statement=statement,
        score=0 if problems else statement.claimed,
        problems=problems,
        not_asked=(
            *(one.name for one in mine if one.problems is None),
            *(name for name, each in tested.items() if each is Came.SKIPPED),
        ),
    )


def as_csv(assessment: Assessment) -> str:
    """Write the assessment in SATRE's own form: an id, 0, 1 or 2, and the words for it."""
    written = io.StringIO()
    rows = csv.writer(written, lineterminator="\n")
    rows.writerow(("id", "pillar", "importance", "score", "standing", "response", "evidence"))
    for one in assessment.answers:
        said = one.statement
        why = " FAILED: " + "; ".join(one.problems) if one.problems else ""
        evidence = " ".join((*said.tests, *said.checks))
        row = (said.id, said.pillar, said.importance, one.score, said.standing)
        rows.writerow((*row, f"{said.about}: {said.says}{why}", evidence))
    return written.getvalue()
