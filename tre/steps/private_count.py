"""Count people with noise, paid from the project's privacy budget in the same transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from output_checks import Data, Table
from output_checks import private_count as noisy_table
from output_checks.errors import OutputCheckError
from tre.decision import UnusableRequestError
from tre.safe_data.world import read_manifest
from tre.steps.acting import acting
from tre.steps.budget import budget, spending
from tre.steps.extracts import extract_of
from tre.steps.in_question import project_in_question
from tre.steps.tre import Tre
from tre.steps.views import Budget
from tre.vocabulary import Action, PersonId, ProjectId

if TYPE_CHECKING:
    from diffprivlib import BudgetAccountant


@dataclass(frozen=True, slots=True, kw_only=True)
class CountAsked:
    """Which count: a table of the extract, its dimensions, and a SQL condition or ""."""

    dataset: str
    rows: Sequence[str]
    columns: Sequence[str] = ()
    where: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateCount:
    """A count that may be released as it is: its bytes are on the budget's record.

    csv: exactly what was counted. declaration: JSON. budget: what was spent, this included.
    """

    csv: str
    declaration: str
    epsilon: float
    budget: Budget


def private_count(
    tre: Tre, actor: PersonId, project: ProjectId, asked: CountAsked, *, epsilon: float
) -> PrivateCount:
    """Count outside the session, from the project's own extract, and charge the project.

    Nothing is computed unless the budget reaches, and nothing is charged unless it was computed.
    Raises RefusedError with every reason; UnusableRequestError where the budget does not reach,
    or the table, a column or the condition is not understood.
    """
    from diffprivlib import BudgetAccountant  # noqa: PLC0415 - slow to import

    extract = extract_of(tre, project)
    with spending(tre, actor, project, epsilon=epsilon) as being_spent:
        if extract is None:
            message = f"{project} has no data yet, so there is nothing to count"
            raise UnusableRequestError(message)
        accountant = BudgetAccountant(
            epsilon=being_spent.budget.epsilon_total,
            spent_budget=[(spent, 0) for spent in being_spent.budget.spent],
        )
        table = _counted(extract, asked, epsilon, accountant)
        csv = table.to_csv()
        being_spent.keep(csv.encode())
    return PrivateCount(
        csv=csv,
        declaration=table.declaration.to_json(),
        epsilon=epsilon,
        budget=budget(tre, project),
    )


def privacy_budget(tre: Tre, actor: PersonId, project: ProjectId) -> Budget:
    """Say what is left of a project's budget, to somebody who may spend from it.

    Raises RefusedError with every reason.
    """
    with acting(tre, actor, Action.SPEND_BUDGET, project=project) as act:
        act.require(project_in_question(act, project))
    return budget(tre, project)


def _counted(
    extract: Path, asked: CountAsked, epsilon: float, accountant: "BudgetAccountant"
) -> Table:
    """Count one of the extract's own tables; the name is compared, never made into a path.

    Its categories are codes of the registers' published lists, so that they are public.
    """
    manifest = read_manifest(extract)
    file = next((table.file for table in manifest.tables if table.name == asked.dataset), None)
    if file is None:
        names = ", ".join(table.name for table in manifest.tables)
        message = f"the extract has no table {asked.dataset[:60]!r}; it has {names}"
        raise UnusableRequestError(message)
    name, policy = asked.dataset, manifest.policy
    try:
        return noisy_table(
            Data.read(extract / file, unit=manifest.unit, name=name, policy=policy),
            list(asked.rows),
            list(asked.columns),
            where=asked.where,
            categories="public",
            epsilon=epsilon,
            accountant=accountant,
        )
    except OutputCheckError as error:
        raise UnusableRequestError(str(error)) from error
