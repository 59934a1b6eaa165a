"""Who has judged a project is not on it, and nobody answers a change about themselves."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from tests.safe_projects.applications import application, project
from tre.safe_projects.application import Advice, Choice, Opinion, OwnerDecision, PanelVote, Reply
from tre.safe_projects.changes import Change, ChangeKind, ChangeState, ChangeWord
from tre.safe_projects.judges import (
    Voice,
    are_apart,
    is_about_another,
    judges,
    speaks_with_one_voice,
    voices,
)
from tre.safe_projects.membership import leads, leads_on
from tre.safe_projects.project import Membership

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
ADVICE = Advice(person="sol", opinion=Opinion.SUPPORTS, text="Yes.", at=AT, round=1)
GRANT = OwnerDecision(
    person="uma", dataset="cris", choice=Choice.REFUSE, reasons="No.", at=AT, round=1
)
VOTE = PanelVote(person="rosa", choice=Choice.APPROVE, reasons="Yes.", at=AT, round=1)
REPLY = Reply(person="ada", text="We will.", to_advice=True, at=AT, round=1)
CHANGE = Change(
    number=1,
    project="study",
    kind=ChangeKind.ADD_MEMBER,
    state=ChangeState.WITH_CHAIR,
    proposed_by="ada",
    proposed_at=AT,
    reason="She knows the methods.",
    member="rosa",
    words=(ChangeWord(person="priya", at=AT, choice=Choice.REFUSE, reasons="No."),),
)


@pytest.mark.parametrize(
    ("said", "changes", "judged"),
    [
        # nothing said, and no application at all
        ({}, (), set()),
        (None, (), set()),
        # advice, a refusal of data and a vote are judgements; the lead's own replies are none
        ({"advice": (ADVICE,)}, (), {"sol"}),
        ({"decisions": (GRANT,)}, (), {"uma"}),
        ({"votes": (VOTE,)}, (), {"rosa"}),
        ({"replies": (REPLY,)}, (), set()),
        # so is an answer to a change; to propose one, or to be its member, is none
        (None, (CHANGE,), {"priya"}),
        ({"votes": (VOTE, replace(VOTE, round=2))}, (CHANGE,), {"rosa", "priya"}),
    ],
)
def test_who_has_judged_is_named(said, changes, judged):
    form = None if said is None else application(**said)
    assert judges(form, changes) == judged


@pytest.mark.parametrize(
    ("named", "judged", "refused"),
    [
        ((), {"rosa"}, []),
        ({"ada"}, {"rosa"}, []),
        ({"ada", "rosa"}, {"rosa"}, ["rosa"]),
        ({"uma", "rosa"}, {"rosa", "uma", "sol"}, ["rosa", "uma"]),
    ],
)
def test_whoever_has_judged_is_refused_by_name(named, judged, refused):
    reasons = are_apart(named, judged).reasons
    assert [reason.sentence.split()[0] for reason in reasons] == refused


@pytest.mark.parametrize(
    ("spoke", "speaks", "allowed"),
    [
        # spoke as      speaks as     may
        (Voice.LAY, Voice.LAY, True),
        (Voice.LAY, Voice.OWNER, False),
        (Voice.LAY, Voice.PANEL, False),
        (Voice.OWNER, Voice.LAY, False),
        (Voice.OWNER, Voice.OWNER, True),
        (Voice.OWNER, Voice.PANEL, False),
        (Voice.PANEL, Voice.LAY, False),
        (Voice.PANEL, Voice.OWNER, False),
        (Voice.PANEL, Voice.PANEL, True),
        (None, Voice.LAY, True),
        (None, Voice.OWNER, True),
        (None, Voice.PANEL, True),
    ],
)
def test_whoever_spoke_as_one_does_not_speak_as_another(
    spoke: Voice | None, speaks: Voice, *, allowed: bool
):
    spoken = {voice: frozenset({"sol"} if voice is spoke else {"uma"}) for voice in Voice}
    decision = speaks_with_one_voice(spoken, "sol", speaks)
    assert decision.allowed is allowed
    if spoke and not allowed:
        (reason,) = decision.reasons
        assert f"spoken about this project {spoke}, and cannot speak {speaks}" in reason.sentence


def test_whoever_spoke_as_two_is_told_of_both():
    spoken = {Voice.LAY: {"sol"}, Voice.OWNER: {"sol"}}
    assert len(speaks_with_one_voice(spoken, "sol", Voice.PANEL).reasons) == 2


def test_voices_are_of_every_round_and_of_the_change_in_question():
    earlier = replace(VOTE, person="quinn", round=1)
    form = application(
        advice=(ADVICE,), decisions=(GRANT,), votes=(earlier, replace(VOTE, round=2))
    )
    assert voices(form) == {
        Voice.LAY: {"sol"},
        Voice.OWNER: {"uma"},
        Voice.PANEL: {"quinn", "rosa"},
    }
    assert voices(None, CHANGE)[Voice.OWNER] == {"priya"}
    assert voices(None) == {voice: frozenset() for voice in Voice}


def test_nobody_answers_a_change_about_themselves():
    assert not is_about_another(CHANGE, "rosa").allowed
    assert is_about_another(CHANGE, "priya").allowed
    assert is_about_another(replace(CHANGE, member=None), "rosa").allowed


STARTS, ENDS = date(2026, 1, 5), date(2027, 1, 4)
OLD = Membership(person="ada", since=STARTS, until=date(2026, 5, 31), lead=True)
NEW = Membership(person="gwen", since=date(2026, 6, 1), until=ENDS, lead=True)
LED = project(starts=STARTS, ends=ENDS, members=(OLD, NEW, replace(NEW, person="bo", lead=False)))


@pytest.mark.parametrize(
    ("on", "led_by"),
    [
        # before the project begins somebody asks for it; on the last day of the old lead both lead
        (date(2025, 11, 3), ("ada", "gwen")),
        (date(2026, 5, 31), ("ada", "gwen")),
        # afterwards the new one alone, also when the project is over and asks for an extension
        (date(2026, 6, 1), ("gwen",)),
        (ENDS, ("gwen",)),
        (date(2027, 8, 1), ("gwen",)),
    ],
)
def test_who_led_it_before_is_its_lead_no_more(on, led_by):
    assert leads_on(LED, on) == led_by
    for person in ("ada", "gwen", "bo"):
        assert leads(LED, person, on).allowed is (person in led_by)
