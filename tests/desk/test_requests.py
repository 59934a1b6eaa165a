"""Requests by hand, from the first form to the signed bundle, by the people's own pages."""

import io
import zipfile
from collections.abc import Callable

import pytest

from tests.demo import Demo
from tests.demo_people import STUDY
from tests.desk.browser import Browser
from tre.safe_outputs.release_request import VoteChoice
from tre.steps.approve_request import approve_request
from tre.steps.return_request import return_request
from tre.steps.view_request import view_request

People = Callable[[str], Browser]

SAID = {
    "context_what": "Counts behind table 2.",
    "context_population": "Pupils in year 11.",
    "context_variables": "diagnosis_group, sex",
    "controls_counts": "Cells under 10 are withheld.",
    "controls_underlying": "",
    "controls_other": "",
}


def put_in_workspace(demo: Demo, name: str, content: bytes) -> None:
    folder = demo.tre.folders.workspace(STUDY)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)


def by_hand(demo: Demo, ada: Browser, **changes: str) -> str:
    """Fill in the form for one table; the path that the desk sends on to."""
    put_in_workspace(demo, "table.csv", b"sex,value\nFemale,120\nMale,140\n")
    fields = {"project": STUDY, "title": "Pupils by sex", "path": "table.csv", **SAID, **changes}
    upload = [("upload", ("table.py", b"print('x')", "text/x-python"))]
    answer = ada.send("/requests/new", fields, upload)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def test_a_request_by_hand_becomes_a_draft_with_its_files_and_words(demo: Demo, browser: People):
    ada = browser("ada")
    page = ada.get(by_hand(demo, ada))
    assert "draft" in page.text
    assert "table.csv" in page.text
    assert "table.py" in page.text
    assert "Counts behind table 2." in page.text
    assert "Submit for review" in page.text


def test_a_form_that_cannot_be_used_keeps_what_was_typed(demo: Demo, browser: People):
    put_in_workspace(demo, "table.csv", b"sex,value\nFemale,120\n")
    fields = {"project": STUDY, "title": "Pupils", "path": "table.csv", **SAID}
    answer = browser("ada").send("/requests/new", {**fields, "context_population": ""})
    assert answer.status_code == 422
    assert "“Population” has no answer" in answer.text
    assert "Counts behind table 2." in answer.text
    assert "Cells under 10 are withheld." in answer.text
    assert 'value="table.csv" id="path-1" checked' in answer.text


def test_a_result_cannot_be_uploaded_from_outside(demo: Demo, browser: People):
    ada = browser("ada")
    where = by_hand(demo, ada)
    upload = [("upload", ("brought.csv", b"a,b\n1,2\n", "text/csv"))]
    answer = ada.send(f"{where}/files", {"group": "outputs"}, upload)
    assert answer.status_code == 422
    assert "only code" in answer.text
    assert "brought.csv" in answer.text


def test_a_file_of_the_same_name_takes_the_older_ones_place(demo: Demo, browser: People):
    ada = browser("ada")
    where = by_hand(demo, ada)
    put_in_workspace(demo, "table.csv", b"sex,value\nFemale,125\nMale,145\n")
    answer = ada.send(
        f"{where}/files",
        {"path": "table.csv", "group": "outputs"},
        [("upload", ("table.py", b"print('y')", "text/x-python"))],
    )
    assert answer.status_code == 303, answer.text
    view = ada.call("GET", where).json()
    names = [file["name"] for group in view["groups"] for file in group["files"]]
    assert sorted(names) == ["table.csv", "table.py"]


def test_a_file_that_nobody_could_read_is_not_offered(demo: Demo, browser: People):
    put_in_workspace(demo, "model.pkl", b"\x80\x04")
    page = browser("ada").get(f"/requests/new?project={STUDY}").text
    assert "model.pkl" in page
    assert 'value="model.pkl"' not in page
    assert "cannot be read by a person" in page


def test_a_word_that_is_none_of_the_kinds_is_refused_in_words(demo: Demo, browser: People):
    ada = browser("ada")
    where = by_hand(demo, ada)
    answer = ada.send(f"{where}/files/1/kind", {"kind": "secret"})
    assert answer.status_code == 422
    assert "is not one of: output, supporting, code" in answer.text.replace("&#39;", "'")


def test_a_second_open_request_is_refused_with_its_reason(demo: Demo, browser: People):
    ada = browser("ada")
    by_hand(demo, ada)
    put_in_workspace(demo, "more.csv", b"a\n1\n")
    fields = {"project": STUDY, "title": "More", "path": "more.csv", **SAID}
    answer = ada.send("/requests/new", fields)
    assert answer.status_code == 403
    assert "Safe Outputs" in answer.text


def test_the_home_page_says_what_to_do_next(demo: Demo, browser: People):
    ada = browser("ada")
    assert "Nothing waits for you" in ada.get("/").text
    by_hand(demo, ada)
    assert "is not submitted yet" in ada.get("/").text
    demo_request = int(ada.get("/api/v1/requests").json()[0]["id"])
    ada.send(f"/requests/{demo_request}/submit")
    home = browser("cora").get("/").text
    assert "1 request to review" in home
    assert "5 working days left" in home


def test_a_project_that_is_closed_to_somebody_says_every_reason(browser: People):
    page = browser("bola").get("/").text
    assert "Not open to you today" in page
    assert "Safe People" in page
    assert "/hub/spawn/bola/" not in page


def test_a_project_that_is_open_leads_to_its_session_at_the_hub(browser: People):
    page = browser("ada").get("/").text
    assert f'href="http://127.0.0.1:8000/hub/spawn/ada/{STUDY}"' in page


def test_the_queue_is_for_checkers(browser: People):
    assert browser("ada").get("/queue").status_code == 403
    empty = browser("cora").get("/queue")
    assert empty.status_code == 200
    assert "The queue is empty" in empty.text


def test_another_projects_request_looks_as_if_there_were_none(demo: Demo, browser: People):
    request = demo.submitted()
    hidden, missing = (browser("finn").get(f"/requests/{n}") for n in (request, 99))
    assert hidden.status_code == missing.status_code == 404


def test_two_checkers_are_blind_to_each_other_until_both_have_answered(demo: Demo, browser: People):
    request = demo.submitted()
    (file,) = demo.outputs(request)
    cora, deniz = browser("cora"), browser("deniz")
    where = f"/requests/{request}"
    vote = {"choice": "approved", "text": "Rounded well.", "group": "outputs", "turn": "1"}
    assert cora.send(f"{where}/files/{file}/vote", vote).status_code == 303
    assert cora.send(f"{where}/review").status_code == 303
    seen = deniz.get(where).text
    assert "You review alone for now." in seen
    assert "Cora Lindqvist" not in seen
    assert "Rounded well." not in seen
    deniz.send(f"{where}/files/{file}/vote", {**vote, "text": ""})
    deniz.send(f"{where}/review")
    seen = deniz.get(where).text
    assert "Cora Lindqvist: approved" in seen
    assert "Rounded well." in seen


def test_the_author_never_reads_what_is_for_checkers_only(demo: Demo, browser: People):
    request = demo.submitted()
    cora = browser("cora")
    private = {"group": "outputs", "text": "I doubt this.", "audience": "private"}
    public = {"group": "outputs", "text": "Please add the years.", "audience": "public"}
    cora.send(f"/requests/{request}/comments", private)
    cora.send(f"/requests/{request}/comments", public)
    cora.send(f"/requests/{request}/return", {"reason": "See the comment.", "because": "other"})
    seen = browser("ada").get(f"/requests/{request}").text
    assert "Please add the years." in seen
    assert "I doubt this." not in seen


def test_changes_without_a_comment_keep_the_review_from_being_submitted(
    demo: Demo, browser: People
):
    request = demo.submitted()
    (file,) = demo.outputs(request)
    cora = browser("cora")
    cora.send(f"/requests/{request}/files/{file}/vote", {"choice": "changes requested"})
    answer = cora.send(f"/requests/{request}/review")
    assert answer.status_code == 403
    assert "Safe Outputs" in answer.text


def test_a_rejection_needs_a_reason_and_keeps_the_page(demo: Demo, browser: People):
    request = demo.reviewed()
    answer = browser("cora").send(f"/requests/{request}/reject", {"reason": " "})
    assert answer.status_code == 422
    assert "never rejected without a reason" in answer.text


def test_an_approved_request_is_released_and_its_author_downloads_it(demo: Demo, browser: People):
    request = demo.reviewed()
    assert browser("cora").send(f"/requests/{request}/approve").status_code == 303
    ada = browser("ada")
    assert f'href="/releases/{request}/download"' in ada.get(f"/requests/{request}").text
    assert "Download" in ada.get("/releases").text
    bundle = ada.get(f"/releases/{request}/download")
    assert bundle.headers["content-type"] == "application/zip"
    assert bundle.headers["content-disposition"].startswith('attachment; filename="release-')
    assert "files/table.csv" in zipfile.ZipFile(io.BytesIO(bundle.content)).namelist()


def test_nobody_downloads_what_is_not_released_or_not_theirs(demo: Demo, browser: People):
    waiting = demo.submitted()
    assert browser("ada").get(f"/releases/{waiting}/download").status_code in {403, 404}
    assert browser("finn").get(f"/releases/{waiting}/download").status_code == 404


def test_an_approval_that_was_cut_off_is_seen_and_pressed_for(
    demo: Demo, browser: People, monkeypatch: pytest.MonkeyPatch
):
    request = demo.reviewed()

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("tre.steps.approve_request.release", killed)
        with pytest.raises(KeyboardInterrupt):
            approve_request(demo.tre, "cora", request)
    assert "is being released" in browser("ada").get("/").text
    assert "Approved, and being released." in browser("ada").get(f"/requests/{request}").text
    for presser in ("cora", "mia"):
        assert "is stuck" in browser(presser).get("/").text
        assert (
            f'action="/requests/{request}/retry"'
            in browser(presser).get(f"/requests/{request}").text
        )
    assert f"/requests/{request}/retry" not in browser("ada").get(f"/requests/{request}").text
    assert browser("mia").send(f"/requests/{request}/retry").status_code == 303
    assert view_request(demo.tre, "ada", request).state == "released"


def test_a_return_without_a_word_is_shown_again(demo: Demo, browser: People):
    request = demo.submitted()
    answer = browser("cora").send(f"/requests/{request}/return", {"reason": "", "because": "other"})
    assert answer.status_code == 422
    assert "the author would read nothing" in answer.text


def test_a_number_too_large_for_any_request_is_not_found(browser: People):
    for number in (2**31, 2**63, 10**20 - 1):
        assert browser("cora").get(f"/requests/{number}").status_code == 404
        assert browser("cora").get(f"/api/v1/requests/{number}").status_code == 404


def test_a_vote_on_a_page_of_an_earlier_turn_is_overtaken(demo: Demo, browser: People):
    request = demo.submitted()
    (file,) = demo.outputs(request)
    vote = {"choice": "approved", "turn": "7"}
    answer = browser("cora").send(f"/requests/{request}/files/{file}/vote", vote)
    assert answer.status_code == 409
    assert "Somebody was faster" in answer.text
    assert f'href="/requests/{request}"' in answer.text


def test_a_returned_request_leads_its_author_to_the_answer(demo: Demo, browser: People):
    request = demo.submitted()
    demo.review(request, "cora", VoteChoice.CHANGES_REQUESTED)
    demo.review(request, "deniz", VoteChoice.CHANGES_REQUESTED)
    return_request(demo.tre, "cora", request)
    ada = browser("ada")
    assert "came back" in ada.get("/").text
    page = ada.get(f"/requests/{request}").text
    assert "Round it." in page
    assert "Before it can be submitted:" in page
    ada.send(f"/requests/{request}/comments", {"group": "outputs", "text": "Rounded to 5."})
    page = ada.get(f"/requests/{request}").text
    assert "Rounded to 5." in page
    assert "Submit again" in page
    assert ada.send(f"/requests/{request}/submit").status_code == 303
    assert view_request(demo.tre, "ada", request).turn == 2


def test_what_people_write_is_shown_and_never_run(demo: Demo, browser: People):
    ada = browser("ada")
    evil = "<script>alert(1)</script>"
    where = by_hand(demo, ada, title=evil, context_what=evil)
    for page in (ada.get(where), ada.get("/requests"), ada.get("/")):
        assert "<script>alert" not in page.text
        assert "&lt;script&gt;alert(1)" in page.text


def test_the_manager_revokes_a_release_with_a_reason(demo: Demo, browser: People):
    request = demo.released()
    mia = browser("mia")
    assert "Revoke the release" in mia.get(f"/requests/{request}").text
    mia.send(f"/requests/{request}/revoke", {"reason": "Table 2 was the wrong one."})
    seen = browser("ada").get(f"/requests/{request}").text
    assert "Table 2 was the wrong one." in seen
    assert browser("ada").get(f"/releases/{request}/download").status_code in {403, 404}
