"""A project's budget of differential privacy: what is left, and spending from it."""

import math
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection

from tre.decision import NotThereError, UnusableRequestError
from tre.five_safes import Subject
from tre.steps.acting import acting, known_project
from tre.steps.in_question import project_in_question
from tre.steps.tre import Tre
from tre.steps.views import Budget
from tre.store import budgets
from tre.store.files import sha256_of
from tre.vocabulary import Action, PersonId, ProjectId


@dataclass(slots=True, kw_only=True)
class Spending:
    """A piece of the budget that is being spent; nobody else can spend meanwhile.

    budget: as it was before. result_sha256: of what was bought, set by `keep`.
    """

    budget: Budget
    epsilon: float
    result_sha256: str | None = None

    def keep(self, result: bytes) -> None:
        """Say what was bought, so that it is known again when its release is asked for."""
        self.result_sha256 = sha256_of(result)


def budget(tre: Tre, project: ProjectId) -> Budget:
    """Give a project's budget and what was spent of it; nothing is decided.

    Raises NotThereError where there is no such project.
    """
    with tre.store.reading() as connection:
        return _budget(connection, project)


def set_budget(tre: Tre, actor: PersonId, project: ProjectId, epsilon_total: float) -> None:
    """Say what a project may spend in all (epsilon, 0 or more); what was spent stays spent."""
    if not math.isfinite(epsilon_total) or epsilon_total < 0:
        message = f"a budget is a number of 0 or more, not {epsilon_total}"
        raise UnusableRequestError(message)
    with acting(tre, actor, Action.RECORD_PROJECT, project=project) as act:
        act.require(Subject(project=known_project(act.connection, project)))
        budgets.set_epsilon_total(act.connection, project, epsilon_total)
        act.record({"epsilon_total": epsilon_total})


@contextmanager
def spending(
    tre: Tre, actor: PersonId, project: ProjectId, *, epsilon: float
) -> Generator[Spending]:
    """Spend epsilon (above 0) on what the block computes; if it raises, nothing is spent.

    Raises RefusedError where the actor may not, UnusableRequestError where too little is left.
    """
    if not math.isfinite(epsilon) or epsilon <= 0:
        message = f"epsilon is a number above 0, not {epsilon}"
        raise UnusableRequestError(message)
    with acting(tre, actor, Action.SPEND_BUDGET, project=project) as act:
        act.require(project_in_question(act, project))
        before = _budget(act.connection, project)
        if epsilon > before.epsilon_left * (1 + 1e-12):
            message = f"epsilon {epsilon:g} was asked, and {before.epsilon_left:g} is left"
            raise UnusableRequestError(message)
        being_spent = Spending(budget=before, epsilon=epsilon)
        yield being_spent
        budgets.spend(
            act.connection,
            project,
            actor,
            epsilon=epsilon,
            at=act.at,
            result_sha256=being_spent.result_sha256,
        )
        act.record({"epsilon": epsilon, "result_sha256": being_spent.result_sha256})


def _budget(connection: Connection, project: ProjectId) -> Budget:
    total = budgets.epsilon_total(connection, project)
    if total is None:
        message = f"there is no project {project[:60]!r}"
        raise NotThereError(message)
    return Budget(project=project, epsilon_total=total, spent=budgets.spent(connection, project))
