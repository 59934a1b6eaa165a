"""What a researcher meets in a notebook: answers, receipts, and errors that say what to do."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.session.fake_courier import FakeCourier, refuse_everything
from tre import session
from tre.session import outbox, packages
from tre.session.listings import Budget, PrivateCount, ReceivedDeclaration
from tre.session.whereabouts import Session

CONTEXT = "Number of young people referred to CAMHS before 18, by diagnosis group and sex."
CONTROLS = "Counts of people. Cells under 10 suppressed, with complementary cells. No earlier one."


def ask(outputs, **changes):
    words: dict[str, Any] = {"title": "Attainment", "context": CONTEXT, "controls": CONTROLS}
    words |= changes
    return session.request_release(outputs, **words)


def test_about_says_whose_session_this_is_and_what_is_in_it(here: Session):
    told = repr(session.about())
    assert "Early-onset psychosis and attainment" in told
    assert "Table 'linked': 24 rows. One row a person" in told
    assert "person_id" in told


def test_about_outside_a_session_says_where_to_start_one(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("TRE_PROJECT", raising=False)
    with pytest.raises(session.NotInSessionError, match="hub's home page"):
        session.about()


def test_an_extract_is_opened_lazily(here: Session):
    assert session.extract("linked").select("sex").collect().height == 24


def test_a_table_that_is_not_there_names_those_that_are(here: Session):
    with pytest.raises(session.NotHereError, match="it has linked"):
        session.extract("linkd")


def test_a_missing_extract_says_who_makes_it(here: Session):
    (here.data / "manifest.json").unlink()
    with pytest.raises(session.NotHereError, match="data linker"):
        session.about()


def test_a_checked_table_counts_the_unit_of_the_extract(here: Session):
    table = session.data().table("sex")
    assert table.declaration.unit == "person_id"
    assert table.declaration.dataset == "linked"


def test_a_table_goes_with_its_declaration_and_the_notebook(here: Session, courier: FakeCourier):
    (here.workspace / "lesson.ipynb").write_text("{}")
    table = session.data().table("diagnosis_group", "sex")
    receipt = ask(table)
    letter = courier.letters[0]
    assert [file["kind"] for file in letter["files"]] == ["output", "code"]
    assert letter["files"][0]["name"] == "linked-count-by-diagnosis-group-sex.csv"
    assert json.loads(letter["files"][0]["declaration"])["dataset"] == "linked"
    assert courier.files[0] == [table.to_csv().encode(), b"{}"]
    assert (receipt.request, receipt.verdict) == (7, "pass")


def test_a_receipt_says_number_verdict_and_what_comes_next(here: Session, courier: FakeCourier):
    receipt = ask(session.data().table("sex"))
    assert "Request 7" in repr(receipt)
    assert "says pass" in repr(receipt)
    assert "Two output checkers" in repr(receipt)
    assert "http://127.0.0.1:8001/requests/7" in receipt._repr_html_()


def test_a_receipt_escapes_what_came_from_outside():
    receipt = session.Receipt.of(
        {"request": 1, "files": [{"name": "<script>", "verdict": "<b>"}]},
        title="<img src=x>",
        notes=("<i>",),
    )
    html = receipt._repr_html_()
    assert "<script>" not in html
    assert "<img" not in html
    assert "<i>" not in html


def test_several_outputs_of_one_name_are_told_apart(here: Session, courier: FakeCourier):
    table = session.data().table("sex")
    ask([table, table])
    names = [file["name"] for file in courier.letters[0]["files"]]
    assert names == ["linked-count-by-sex.csv", "linked-count-by-sex-2.csv"]


def test_a_file_is_sent_without_a_declaration(here: Session, courier: FakeCourier):
    (here.workspace / "figure.png").write_bytes(b"PNG")
    ask("figure.png", name="figure-1.png")
    assert courier.letters[0]["files"] == [
        {"name": "figure-1.png", "kind": "output", "declaration": None}
    ]


def test_supporting_files_go_along_as_such(here: Session, courier: FakeCourier):
    (here.workspace / "counts.csv").write_text("a,b\n")
    ask(session.data().table("sex"), supporting=["counts.csv"])
    assert [file["kind"] for file in courier.letters[0]["files"]] == ["output", "supporting"]


def test_without_a_notebook_the_receipt_says_that_checkers_want_one(
    here: Session, courier: FakeCourier
):
    assert "pass notebook=" in ask(session.data().table("sex")).notes[-1]


def test_the_running_notebook_is_found_by_its_name(
    here: Session, courier: FakeCourier, monkeypatch: pytest.MonkeyPatch
):
    for name in ("a.ipynb", "b.ipynb"):
        (here.workspace / name).write_text(name)
    monkeypatch.setenv("JPY_SESSION_NAME", "/somewhere/b.ipynb")
    ask(session.data().table("sex"))
    assert courier.letters[0]["files"][-1]["name"] == "b.ipynb"


def test_a_file_that_is_not_there_names_the_closest(here: Session):
    (here.workspace / "figure-1.png").write_bytes(b"")
    with pytest.raises(session.NotHereError, match="Did you mean 'figure-1"):
        ask("figure1.png")


def test_a_folder_is_no_output(here: Session):
    (here.workspace / "results").mkdir()
    with pytest.raises(session.NotHereError, match="is a folder"):
        ask("results")


def test_what_cannot_be_released_says_what_can(here: Session):
    with pytest.raises(session.IncompleteError, match="a dict cannot be released as it is"):
        ask({"a": 1})


def test_no_output_is_refused(here: Session):
    with pytest.raises(session.IncompleteError, match="nothing to release"):
        ask([])


def test_one_name_does_not_name_two_outputs(here: Session):
    table = session.data().table("sex")
    with pytest.raises(session.IncompleteError, match="names one file"):
        ask([table, table], name="x.csv")


@pytest.mark.parametrize("missing", ["title", "context", "controls"])
def test_an_empty_text_is_refused_with_a_good_example(here: Session, missing: str):
    with pytest.raises(session.IncompleteError, match=f'For example: {missing}="') as raised:
        ask(session.data().table("sex"), **{missing: "  "})
    assert str(raised.value).startswith(f"{missing}= is empty")


def test_every_empty_text_is_named_at_once(here: Session):
    with pytest.raises(session.IncompleteError) as raised:
        ask(session.data().table("sex"), context="", controls="")
    assert "context= is empty" in str(raised.value)
    assert "controls= is empty" in str(raised.value)


def test_a_very_short_context_is_sent_with_a_remark(here: Session, courier: FakeCourier):
    notes = ask(session.data().table("sex"), context="table 1").notes
    assert notes[0].startswith("Your context is very short")


def test_a_refusal_shows_every_reason(here: Session):
    with (
        FakeCourier(here.outbox, here.replies, refuse_everything),
        pytest.raises(session.RefusedHereError) as raised,
    ):
        ask(session.data().table("sex"))
    assert len(raised.value.reasons) == 2
    assert "Safe Projects" in raised.value._render_traceback_()[2]


def test_without_an_answer_an_untaken_message_is_taken_back(here: Session):
    with pytest.raises(session.NoReplyError, match="nothing was asked"):
        ask(session.data().table("sex"), wait_seconds=0)
    assert list(here.outbox.iterdir()) == []


def test_without_an_answer_a_taken_message_may_have_been_done(here: Session):
    message = outbox._take_back(here, "0" * 32, 60)
    assert "look at session.requests()" in message


def test_a_full_outbox_says_so_and_sends_nothing(here: Session):
    for number in range(outbox.WAITING_AT_MOST):
        (here.outbox / str(number)).mkdir()
    with pytest.raises(session.OutboxFullError, match="32 messages of yours still wait"):
        session.budget()


def test_a_full_disk_leaves_nothing_half_written(here: Session, monkeypatch: pytest.MonkeyPatch):
    def full_disk(self: Path, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full_disk)
    with pytest.raises(session.OutboxFullError, match="no room left"):
        ask(session.data().table("sex"))
    assert list(here.outbox.iterdir()) == []


def test_a_missing_outbox_says_to_start_again(here: Session):
    here.outbox.rmdir()
    with pytest.raises(session.OutboxFullError, match="start it again"):
        session.budget()


def test_errors_show_one_line_in_a_notebook_and_no_traceback(here: Session):
    with pytest.raises(session.SessionError) as raised:
        session.extract("other")
    assert len(raised.value._render_traceback_()) == 1


def test_my_requests_are_listed(here: Session, courier: FakeCourier):
    mine = session.requests()
    assert len(mine) == 1
    assert "submitted" in repr(mine)
    assert "<td" in mine._repr_html_()


def test_no_requests_say_how_to_make_one(here: Session):
    assert "request_release" in repr(session.Requests(rows=(), desk=""))


def test_the_budget_says_what_is_left(here: Session, courier: FakeCourier):
    assert session.budget().left == 2.5
    assert "2.5 left" in repr(session.budget())


def test_a_private_count_keeps_the_bytes_that_the_service_knows(
    here: Session, courier: FakeCourier
):
    counted = session.private_count("sex", epsilon=0.5)
    assert (
        courier.letters[0] | {"epsilon": 0.5, "rows": ["sex"], "columns": []}
        == (courier.letters[0])
    )
    assert counted.released()["value"].to_list() == [101, 97]
    assert counted.budget.left == 2.0
    ask(counted)
    assert courier.files[1][0] == counted.to_csv().encode()
    assert courier.letters[1]["files"][0]["declaration"] == '{"protection": "noise"}'


def test_a_private_count_has_its_categories_without_the_apostrophes_of_its_csv():
    counted = PrivateCount(
        csv="g,value\n'-5 to 0,30\n",
        declaration=ReceivedDeclaration(text="{}", dataset="d", rows=("g",), columns=()),
        epsilon=1.0,
        budget=Budget(total=1.0, spent=1.0),
    )
    assert counted.released()["g"].to_list() == ["-5 to 0"]


def test_a_notebook_that_is_run_again_asks_for_nothing_again(here: Session):
    (here.replies / outbox.RERUN).touch()
    receipt = ask(session.data().table("sex"), wait_seconds=0)
    assert repr(receipt).startswith("Not asked again: Attainment.")
    assert "Not asked again" in receipt._repr_html_()
    assert len(session.requests()) == 0
    assert list(here.outbox.iterdir()) == []


def test_a_notebook_that_is_run_again_leaves_what_it_would_have_handed_over(here: Session):
    (here.replies / outbox.RERUN).touch()
    table = session.data().table("sex")
    (here.workspace / "there.csv").write_text("as it was")
    for name in ("sex.csv", "there.csv"):
        ask(table, name=name, wait_seconds=0)
    assert (here.workspace / "sex.csv").read_text() == table.to_csv()
    assert (here.workspace / "there.csv").read_text() == "as it was"


def test_a_declared_table_is_known_by_what_it_can_do(here: Session):
    assert isinstance(session.data().table("sex"), packages.DeclaredTable)
