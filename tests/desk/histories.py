"""Requests of two months with a known end, made with the tests' own clock."""

from tests.demo import Demo
from tre.safe_outputs.release_request import CommentAudience, VoteChoice
from tre.safe_outputs.return_reasons import ReturnReason
from tre.steps.approve_request import approve_request
from tre.steps.comment import comment
from tre.steps.return_request import return_request
from tre.steps.submit_request import submit_request
from tre.steps.withdraw_request import withdraw_request


def a_history(demo: Demo) -> tuple[int, int]:
    """Two requests: one returned early, then released; one conflicted, returned and withdrawn.

    First: submitted Monday 2 March, returned Wednesday 4, again Monday 9, both approve on
    Wednesday 18 (late: day 7), released that day. Second, with a table that fails: submitted
    Wednesday 1 April, Cora approves, Deniz asks for changes, returned Thursday 2, withdrawn.
    """
    first = demo.submitted()
    demo.clock.move(days=2)
    return_request(demo.tre, "cora", first, "Which years?", because=ReturnReason.CONTEXT)
    demo.clock.move(days=5)
    comment(demo.tre, "ada", first, "outputs", "2015 to 2020.", CommentAudience.PUBLIC)
    submit_request(demo.tre, "ada", first)
    demo.clock.move(days=9)
    demo.review(first, "cora")
    demo.review(first, "deniz")
    approve_request(demo.tre, "cora", first)
    demo.clock.move(days=14)
    second = demo.submitted(demo.table_file(protected=False))
    demo.clock.move(days=1)
    demo.review(second, "cora")
    demo.review(second, "deniz", VoteChoice.CHANGES_REQUESTED)
    return_request(demo.tre, "cora", second, "A count of 9.", because=ReturnReason.SMALL_COUNTS)
    withdraw_request(demo.tre, "ada", second)
    return first, second
