"""From the data to a signed release, as the people of the demonstration would do it."""

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.end_to_end.served import Served
from tests.end_to_end.visitor import PATIENCE, Visitor

PROJECT = "Early-onset psychosis and attainment"
PRACTICE = "Practice: early-onset psychosis and attainment"
TITLE = "Attainment at 16 by diagnosis group and sex"
UNPROTECTED = """from tre import session
table = session.data("linked").table(
    "diagnosis_group", "sex", statistic="mean", of="ks4_attainment8"
)
session.request_release(
    table,
    title="Attainment by diagnosis, as it came out",
    context="Mean Attainment 8 by diagnosis group and sex, of everybody in the practice extract.",
    controls="None yet: this is the table before protection, to learn what the checkers say.",
)"""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.sealed,
    pytest.mark.slow,
    pytest.mark.xdist_group("whole world"),
    pytest.mark.timeout(900),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
Visit = Callable[[str], Visitor]


def test_the_whole_way(served: Served, visit: Visit, tmp_path: Path):
    """One test, since each part goes on where the one before it has stopped."""
    a_table_goes_from_the_data_to_a_signed_release(served, visit)
    a_disclosive_table_fails_and_is_answered(served, visit)
    the_gate_says_every_reason(served, visit)
    the_ledger_holds_every_step(served)
    one_byte_of_one_past_entry_is_named(served, tmp_path)


def a_table_goes_from_the_data_to_a_signed_release(served: Served, visit: Visit):
    ada, cora, deniz = visit("ada"), visit("cora"), visit("deniz")  # request 1 came with the world
    ada.sign_in(served.hub)
    ada.open_session(PROJECT)
    ada.run_all()
    ada.sees_request(2, TITLE)

    cora.sign_in(served.desk + "/queue")
    expect(cora.page.get_by_text(TITLE)).to_be_visible()
    cora.vote(2, "Approved", "The intervals are wide enough.")
    expect(cora.page.get_by_text("recomputed").first).to_be_visible()
    cora.submit_review(2)

    deniz.sign_in(served.desk + "/requests/2")
    expect(deniz.page.get_by_text("You review alone for now")).to_be_visible()
    expect(deniz.page.get_by_text("The intervals are wide enough.")).to_have_count(0)
    deniz.vote(2, "Approved")
    deniz.submit_review(2)
    expect(deniz.page.get_by_text("The intervals are wide enough.")).to_be_visible()
    deniz.page.get_by_role("button", name="Approve and release").click()
    expect(deniz.page.get_by_text("released").first).to_be_visible()

    ada.at_desk("/requests/2")
    expect(ada.page.get_by_text("The intervals are wide enough.")).to_have_count(0)
    with ada.page.expect_download() as arriving:
        ada.page.get_by_role("link", name="Download").first.click()
    bundle = ada.downloads / "bundle.zip"
    arriving.value.save_as(bundle)
    served.tre("request", "verify", str(bundle))
    bundle.write_bytes(bundle.read_bytes().replace(b"Psychosis", b"Psychosys", 1))
    assert "not" in served.tre("request", "verify", str(bundle), status=2)


def a_disclosive_table_fails_and_is_answered(served: Served, visit: Visit):
    """On the practice project: nobody there needs accreditation, and the data are synthetic."""
    finn, tess, cora = visit("finn"), visit("tess"), visit("cora")
    finn.sign_in(served.hub)
    finn.open_session(PRACTICE)
    finn.run_all()
    finn.sees_request(3, TITLE)

    tess.sign_in(served.hub)
    tess.open_session(PRACTICE)
    tess.run_cell_below(UNPROTECTED)
    expect(tess.page.get_by_text("Request 4").first).to_be_visible(timeout=PATIENCE)

    cora.sign_in(served.desk + "/requests/4")
    expect(cora.page.get_by_text("fail", exact=True).first).to_be_visible()
    cora.vote(4, "Changes requested", "Please protect the small cells.", public=True)
    cora.at_desk("/requests/4")
    cora.page.get_by_text("Return to the author").click()
    cora.page.get_by_label("Main reason").select_option("small or unredacted counts")
    cora.page.get_by_label("What to change").fill("Small cells: see my comment.")
    cora.page.get_by_role("button", name="Return", exact=True).click()
    expect(cora.page.get_by_text("returned").first).to_be_visible()

    desk = tess.second_page(f"{served.desk}/requests/4")
    expect(desk.get_by_text("Please protect the small cells.").first).to_be_visible()
    desk.get_by_label("Answer or comment").fill("I shall send the protected table.")
    desk.get_by_role("button", name="Add comment").click()
    expect(desk.get_by_text("I shall send the protected table.").first).to_be_visible()
    cora.at_desk("/requests/4")
    expect(cora.page.get_by_text("I shall send the protected table.").first).to_be_visible()

    desk.get_by_text("Withdraw the request").click()
    desk.get_by_role("button", name="Withdraw", exact=True).click()
    expect(desk.get_by_text("withdrawn").first).to_be_visible()


def the_gate_says_every_reason(served: Served, visit: Visit):
    bola = visit("bola")
    bola.sign_in(served.hub)
    expect(bola.page.get_by_text("accreditation").first).to_be_visible()
    expect(bola.page.get_by_text("passport").first).to_be_visible()
    bola.page.goto(f"{served.hub}/hub/spawn/bola/early-onset-psychosis")
    expect(bola.page.get_by_text("accreditation").first).to_be_visible()
    expect(bola.page.get_by_text("passport").first).to_be_visible()


def the_ledger_holds_every_step(served: Served):
    entries = json.loads(served.tre("ledger", "show", "--limit", "1000", "--json"))
    tags = {entry["tag"] for entry in entries}
    assert {
        "people:account:sign-in",
        "settings:session:start",
        "outputs:request:submit",
        "outputs:review:vote",
        "outputs:request:approve",
        "outputs:request:release",
        "outputs:release:download",
    } <= tags
    served.tre("ledger", "verify")


def one_byte_of_one_past_entry_is_named(served: Served, tmp_path: Path):
    """Somebody with the database in their hands goes round its triggers."""
    copy = tmp_path / "home"
    shutil.copytree(served.home, copy, ignore=shutil.ignore_patterns("sessions", "parties"))
    with closing(sqlite3.connect(copy / "tre.sqlite")) as database:
        for (trigger,) in database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'ledger'"
        ).fetchall():
            database.execute(f"DROP TRIGGER {trigger}")
        (number,) = database.execute(
            "SELECT max(number) FROM ledger WHERE actor = 'cora' AND tag = 'outputs:review:vote'"
        ).fetchone()
        database.execute("UPDATE ledger SET actor = 'dora' WHERE number = ?", (number,))
        database.commit()
    assert str(number) in served.tre("ledger", "verify", home=copy, status=2)
