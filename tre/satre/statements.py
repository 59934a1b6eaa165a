"""All 185 statements, in the order of the specification."""

from tre.satre.statement import Statement
from tre.satre.table import (
    data_management,
    federation,
    governance,
    people_and_projects,
    security,
    supporting,
    workspaces,
)

STATEMENTS: dict[str, Statement] = {
    one.id: one
    for part in (
        governance,
        people_and_projects,
        workspaces,
        security,
        data_management,
        supporting,
        federation,
    )
    for one in part.STATEMENTS
}
"""Every statement by its id."""
