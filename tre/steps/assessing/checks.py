"""Every check by its name."""

from tre.steps.assessing import (
    of_books,
    of_data,
    of_outputs,
    of_people,
    of_projects,
    of_settings,
)
from tre.steps.assessing.check import Check

CHECKS: dict[str, Check] = {
    one.name: one
    for room in (of_projects, of_people, of_settings, of_data, of_outputs, of_books)
    for one in room.CHECKS
}
"""In the order of the Five Safes; the books are last."""
