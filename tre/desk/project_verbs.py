"""The steps about projects that the desk calls, in one place."""

from tre.steps.apply_for_project import (
    answer_advice,
    apply_for_project,
    change_application,
    submit_application,
    withdraw_application,
)
from tre.steps.change_project import (
    Proposal,
    decide_change,
    decide_change_as_owner,
    propose_change,
    withdraw_change,
)
from tre.steps.data_to_ask_for import data_to_ask_for
from tre.steps.decide_as_owner import Answer, decide_as_owner
from tre.steps.end_project import end_project
from tre.steps.lay_review import advise_on_project
from tre.steps.panel_vote import vote_on_project
from tre.steps.project_tasks import ProjectTask, project_tasks
from tre.steps.register import RegisteredProject, public_register, years_in_words
from tre.steps.suspend_project import resume_project, suspend_project
from tre.steps.view_project import ProjectView, project_conditions, view_project

__all__ = [
    "Answer",
    "ProjectTask",
    "ProjectView",
    "Proposal",
    "RegisteredProject",
    "advise_on_project",
    "answer_advice",
    "apply_for_project",
    "change_application",
    "data_to_ask_for",
    "decide_as_owner",
    "decide_change",
    "decide_change_as_owner",
    "end_project",
    "project_conditions",
    "project_tasks",
    "propose_change",
    "public_register",
    "resume_project",
    "submit_application",
    "suspend_project",
    "view_project",
    "vote_on_project",
    "withdraw_application",
    "withdraw_change",
    "years_in_words",
]
