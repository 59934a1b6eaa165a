"""A request over its turns: groups, what has to be answered, what stays, and how it ends."""

import pytest
from sqlalchemy import delete

from tests.demo import Demo
from tests.demo_people import STUDY
from tre.decision import OvertakenError, RefusedError, UnusableRequestError
from tre.safe_outputs.release_request import (
    CommentAudience,
    FileKind,
    FileOrigin,
    State,
    VoteChoice,
)
from tre.steps.add_file import add_file
from tre.steps.comment import comment
from tre.steps.create_request import create_request
from tre.steps.describe_group import describe_group
from tre.steps.publish_comment import publish_comment
from tre.steps.replace_file import replace_file
from tre.steps.request_file import request_file
from tre.steps.return_request import return_request
from tre.steps.submit_request import submit_request
from tre.steps.submit_review import submit_review
from tre.steps.view_request import view_request
from tre.steps.vote import vote
from tre.steps.withdraw_request import withdraw_request
from tre.store.request_turns import read_turn
from tre.store.tables import request_turns

PRIVATE, PUBLIC = CommentAudience.PRIVATE, CommentAudience.PUBLIC
WHY = "Please say which years."


@pytest.fixture
def two_groups(demo: Demo) -> tuple[Demo, int]:
    """A submitted request with a table in each of two groups."""
    request = create_request(demo.tre, "ada", STUDY, "Two tables")
    for group in ("tables", "appendix"):
        add_file(
            demo.tre,
            "ada",
            request,
            name=f"{group}.csv",
            content=b"a,b\n20,30\n",
            kind=FileKind.OUTPUT,
            group=group,
            origin=FileOrigin.SESSION,
        )
        said = {"context": f"The {group} of the paper.", "controls": "Rounded to 10."}
        describe_group(demo.tre, "ada", request, group, **said)
    submit_request(demo.tre, "ada", request)
    return demo, request


def ask_for_changes(demo: Demo, request: int) -> None:
    """Both checkers ask for changes in both groups, and the request goes back."""
    for checker in ("cora", "deniz"):
        for file in demo.outputs(request):
            vote(demo.tre, checker, request, file, VoteChoice.CHANGES_REQUESTED)
        for group in ("tables", "appendix"):
            comment(demo.tre, checker, request, group, "Which years?", PUBLIC)
        submit_review(demo.tre, checker, request)
    return_request(demo.tre, "cora", request)


def test_every_group_with_changes_requested_wants_its_own_answer(
    two_groups: tuple[Demo, int],
) -> None:
    demo, request = two_groups
    ask_for_changes(demo, request)
    with pytest.raises(RefusedError) as refusal:
        submit_request(demo.tre, "ada", request)
    assert len(refusal.value.decision.reasons) == 2
    comment(demo.tre, "ada", request, "tables", "2010 to 2019.", PUBLIC)
    with pytest.raises(RefusedError, match="“appendix”"):
        submit_request(demo.tre, "ada", request)
    comment(demo.tre, "ada", request, "appendix", "The same years.", PUBLIC)
    submit_request(demo.tre, "ada", request)
    assert view_request(demo.tre, "ada", request).turn == 2


def test_a_group_without_context_or_controls_is_not_submitted(demo: Demo) -> None:
    request = create_request(demo.tre, "ada", STUDY, "One table")
    add_file(
        demo.tre,
        "ada",
        request,
        name="t.csv",
        content=b"a\n20\n",
        kind=FileKind.OUTPUT,
        origin=FileOrigin.SESSION,
    )
    for context, controls, lacks in (("", "Rounded.", "context"), ("Counts.", " ", "controls")):
        describe_group(demo.tre, "ada", request, "outputs", context=context, controls=controls)
        with pytest.raises(RefusedError, match=lacks):
            submit_request(demo.tre, "ada", request)


def test_what_was_submitted_in_a_turn_is_kept_as_it_was(two_groups: tuple[Demo, int]) -> None:
    demo, request = two_groups
    files = demo.outputs(request)
    ask_for_changes(demo, request)
    new = replace_file(
        demo.tre, "ada", request, files[0], content=b"a\n30\n", origin=FileOrigin.SESSION
    )
    describe_group(demo.tre, "ada", request, "tables", context="2010 to 2019.", controls="Same.")
    for group in ("tables", "appendix"):
        comment(demo.tre, "ada", request, group, "Said now.", PUBLIC)
    submit_request(demo.tre, "ada", request)
    with demo.tre.store.reading() as connection:
        first, second = (read_turn(connection, request, turn) for turn in (1, 2))
        assert read_turn(connection, request, 3) is None
    assert first is not None
    assert second is not None
    assert (first.files, second.files) == (set(files), {new, files[1]})
    said = first.group("tables"), second.group("tables")
    assert [group and group.context for group in said] == [
        "The tables of the paper.",
        "2010 to 2019.",
    ]
    view = view_request(demo.tre, "deniz", request)
    assert [group.context_before for group in view.groups] == [
        "The tables of the paper.",
        "The appendix of the paper.",
    ]
    assert request_file(demo.tre, "deniz", request, files[0]).bytes == b"a,b\n20,30\n"


def test_of_a_turn_from_before_turns_were_kept_only_files_are_compared(
    two_groups: tuple[Demo, int],
) -> None:
    demo, request = two_groups
    files = demo.outputs(request)
    return_request(demo.tre, "cora", request, WHY)
    new = replace_file(
        demo.tre, "ada", request, files[0], content=b"a\n30\n", origin=FileOrigin.SESSION
    )
    with demo.tre.store.writing() as change:
        change.connection.execute(delete(request_turns))
    view = view_request(demo.tre, "ada", request)
    changed = view.file(new)
    assert changed is not None
    assert (changed.previous, changed.since_last_turn) == (files[0], "replaced")
    assert {group.context_before for group in view.groups} == {None}


def test_a_private_comment_of_an_earlier_turn_stays_private(demo: Demo) -> None:
    request = demo.submitted()
    number = comment(demo.tre, "cora", request, "outputs", "I doubt this.", PRIVATE)
    return_request(demo.tre, "cora", request, WHY)
    with pytest.raises((RefusedError, OvertakenError)):  # it is with its author
        publish_comment(demo.tre, "cora", request, number)
    comment(demo.tre, "ada", request, "outputs", "2010 to 2019.", PUBLIC)
    submit_request(demo.tre, "ada", request)
    with pytest.raises(UnusableRequestError, match="none of yours in turn 2"):
        publish_comment(demo.tre, "cora", request, number)
    told = [c.text for g in view_request(demo.tre, "ada", request).groups for c in g.comments]
    assert "I doubt this." not in told


def test_an_early_return_keeps_what_was_said_and_everybody_blind(demo: Demo) -> None:
    request = demo.submitted()
    file = demo.outputs(request)[0]
    vote(demo.tre, "cora", request, file, VoteChoice.APPROVED)
    comment(demo.tre, "cora", request, "outputs", "Fine so far.", PRIVATE)
    return_request(demo.tre, "deniz", request, WHY)
    cora, deniz = (view_request(demo.tre, who, request) for who in ("cora", "deniz"))
    mine, other = cora.file(file), deniz.file(file)
    assert mine is not None
    assert other is not None
    assert ([vote.mine for vote in mine.votes], other.votes) == ([True], ())
    assert "Fine so far." in [c.text for g in cora.groups for c in g.comments]
    assert "Fine so far." not in [c.text for g in deniz.groups for c in g.comments]


def test_a_request_is_withdrawn_while_it_is_the_authors_and_then_for_good(demo: Demo) -> None:
    request = demo.submitted()
    with pytest.raises(OvertakenError, match="with the output checkers"):
        withdraw_request(demo.tre, "ada", request)
    return_request(demo.tre, "cora", request, WHY)
    with pytest.raises(RefusedError):
        withdraw_request(demo.tre, "cora", request)
    withdraw_request(demo.tre, "ada", request)
    view = view_request(demo.tre, "cora", request)
    assert view.state is State.WITHDRAWN
    assert not any(decision.allowed for decision in view.may.values())
    assert request_file(demo.tre, "cora", request, demo.outputs(request)[0]).bytes
    assert demo.submitted() == request + 1  # another one may begin
