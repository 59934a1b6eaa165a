"""From a session to a released bundle, on both databases."""

from tests.demo import Demo
from tre.steps.download_release import download_release
from tre.steps.verify_ledger import verify_ledger


def test_results_go_from_a_request_to_the_author(any_demo: Demo) -> None:
    request = any_demo.released()
    assert download_release(any_demo.tre, "ada", request).is_file()
    assert verify_ledger(any_demo.tre).whole
