"""Remind checkers and managers, each once, of a request that is older than the service level."""

from dataclasses import dataclass
from datetime import datetime

from tre.five_safes import Subject
from tre.safe_outputs.release_request import ReleaseRequest
from tre.safe_outputs.reviewing import IN_THE_REVIEWERS_HANDS
from tre.safe_outputs.working_days import (
    SERVICE_LEVEL_WORKING_DAYS,
    age_in_working_days,
    due_on,
    is_late,
)
from tre.steps.acting import Act, acting
from tre.steps.telling_checkers import managers_apart, may_judge, tell_of_request
from tre.steps.tre import SYSTEM, Tre
from tre.store.requests import read_requests
from tre.store.tables import requests
from tre.store.telling import ReminderKey, note_reminder
from tre.vocabulary import Action, PersonId, RequestId

KIND = "late request"


@dataclass(frozen=True, slots=True, kw_only=True)
class LateReminder:
    """Who was reminded of a late request now."""

    request: RequestId
    people: tuple[PersonId, ...]


def remind_late(tre: Tre, actor: PersonId = SYSTEM) -> tuple[LateReminder, ...]:
    """Tell, once a turn and person, those who could answer what is late and those who manage them.

    It may run as often as one likes.
    """
    with acting(tre, actor, Action.SEND_REMINDERS) as act:
        act.require(Subject())
        waiting = read_requests(
            act.connection, requests.c.state.in_([str(state) for state in IN_THE_REVIEWERS_HANDS])
        )
        sent = tuple(
            LateReminder(request=request.id, people=people)
            for request in waiting
            if request.submitted_at and is_late(request.submitted_at, act.at)
            if (people := _remind(act, request, request.submitted_at))
        )
        if sent:
            told = sum(len(each.people) for each in sent)
            act.record({"reminders": told, "about": [KIND]})
    return sent


def _remind(act: Act, request: ReleaseRequest, submitted: datetime) -> tuple[PersonId, ...]:
    concerned = sorted({*may_judge(act, request), *managers_apart(act, request)})
    told = tuple(person for person in concerned if _is_new(act, request, person, submitted))
    over = age_in_working_days(submitted, act.at) - SERVICE_LEVEL_WORKING_DAYS
    tell_of_request(
        act,
        request,
        told,
        title=f"Request {request.id} is late",
        text=f"It has waited for longer than the service level of {SERVICE_LEVEL_WORKING_DAYS} "
        f"working days, by {over}. It is {request.state}, in turn {request.turn}.",
    )
    return told


def _is_new(act: Act, request: ReleaseRequest, person: PersonId, submitted: datetime) -> bool:
    key = ReminderKey(
        person=person,
        kind=KIND,
        what=f"request {request.id}, turn {request.turn}",
        last_day=due_on(submitted),
        days=0,
    )
    return note_reminder(act.connection, key, act.at)
