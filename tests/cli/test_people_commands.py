"""`tre person …`: accounts, applications, documents, roles, sanctions, reminders from the shell."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.demo import Demo
from tests.demo_people import KINGS, SLAM
from tre import cli
from tre.config import Config
from tre.safe_people.applications import Evidence
from tre.steps.apply_for_accreditation import submit_application, write_application
from tre.steps.sign_in import sign_in

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(demo: Demo, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `tre person …` on the little world; give exit status, output and errors.

    Its clock is the world's: a Monday in March.
    """
    monkeypatch.setattr("tre.commands.asking.has_world", lambda _: True)
    monkeypatch.setattr("tre.commands.asking.open_tre", lambda *_, **__: demo.tre)
    monkeypatch.setattr("tre.steps.tre.Tre.close", lambda _: None)

    def run_one(*words: str) -> tuple[int, str, str]:
        status = cli.main(["--home", str(demo.tre.config.home), "person", *words])
        told = capsys.readouterr()
        return status, told.out, told.err

    return run_one


def applied(demo: Demo) -> None:
    told = Evidence(
        qualification="MSc Statistics, Leeds, 2019",
        training_passed=demo.clock.at.date(),
        training_certificate="SRT-77",
        declaration_version="2025-1",
        declared_as="Finn Walsh",
    )
    write_application(demo.tre, "finn", told)
    submit_application(demo.tre, "finn")


def test_an_application_is_listed_returned_and_granted(demo: Demo, run: Run) -> None:
    assert "No application waits" in run("applications")[1]
    applied(demo)
    assert json.loads(run("applications", "--json")[1])[0]["person"] == "finn"
    assert run("accredit", "finn", "--return", "Which of the two?")[0] == 0
    assert run("accredit", "finn")[0] == 3  # it is with finn now
    submit_application(demo.tre, "finn")
    status, shown, _ = run("accredit", "finn", "--json")
    assert (status, json.loads(shown)["state"]) == (0, "granted")
    assert run("accredit", "finn", "--return", "a", "--refuse", "b")[0] == 3


def test_documents_training_and_roles_are_recorded(run: Run) -> None:
    paper = ["passport", "bola", "--trust", SLAM, "--reference", "HRP-7", "--days"]
    assert run(*paper, "2026-03-01..2029-02-28")[0] == 0
    assert run("training", "bola", "--passed", "2026-02-02")[0] == 0
    assert run("roles", "bola", "--role", "researcher", "--role", "trainer")[0] == 0
    told = json.loads(run("show", "bola", "--json")[1])
    assert told["passports"][0]["reference"] == "HRP-7"
    assert told["training_until"] == "2031-02-01"
    assert told["roles"] == ["researcher", "trainer"]
    for words in ([*paper, "2026-03-01"], ["training", "bola", "--passed", "soon"]):
        status, _, errors = run(*words)
        assert status == 3
        assert "is not a day like 2026-03-02" in errors
    assert run("roles", "bola", "--role", "king")[0] == 3
    status, _, errors = run("roles", "bola", "--role", "researcher", "--role", "auditor")
    assert status == 3
    assert "at once" in errors


def test_a_sanction_is_foreseen_imposed_listed_and_lifted(run: Run) -> None:
    status, shown, _ = run("sanction", KINGS, "--length", "minor breach", "--foresee")
    assert status == 0
    assert "would be barred until 2026-03-31" in shown
    assert "4 people are barred" in shown
    assert json.loads(run("sanctions", "--json")[1]) == []
    assert run("sanction", "bola", "--reason", "Shared an account.", "--json")[0] == 0
    (kept,) = json.loads(run("sanctions", "--json")[1])
    assert (kept["person"], kept["sanction"]["until"]) == ("bola", None)
    number = str(kept["sanction"]["number"])
    assert run("lift", number, "--reason", "Settled.")[0] == 0
    assert run("lift", number, "--reason", "Settled.")[0] == 3
    assert run("sanction", "Nowhere", "--reason", "x")[0] == 3
    assert run("sanction", "bola", "--reason", "")[0] == 3


def test_every_act_on_a_person_prints_an_object_for_programs(
    demo: Demo, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And nothing else, so that what is printed can be read by a program as it is."""
    with_provider = replace(demo.tre.config, oidc_issuer="https://people.example")
    tre = replace(demo.tre, config=with_provider)
    monkeypatch.setattr("tre.commands.asking.open_tre", lambda *_, **__: tre)
    monkeypatch.setattr("typer.prompt", lambda *_, **__: "a-long-enough-password")

    def said(*words: str) -> dict[str, Any]:
        status, shown, errors = run(*words, "--json")
        assert (status, errors) == (0, "")
        return json.loads(shown)

    paper = ["--trust", SLAM, "--reference", "HRP-7", "--days", "2026-03-01..2029-02-28"]
    passport = {
        "kind": "NHS research passport", "trust": SLAM, "since": "2026-03-01",
        "until": "2029-02-28", "reference": "HRP-7",
    }  # fmt: skip
    assert said("passport", "bola", *paper) == {"person": "bola", "passport": passport}
    # passed on 2 February 2026, and counting for five years
    assert said("training", "bola", "--passed", "2026-02-02") == {
        "person": "bola", "training_passed": "2026-02-02", "training_until": "2031-02-01",
    }  # fmt: skip
    both = ["trainer", "researcher"]
    assert said("roles", "bola", *(w for role in both for w in ("--role", role))) == {
        "person": "bola", "roles": sorted(both),
    }  # fmt: skip
    assert said("roles", "bola") == {"person": "bola", "roles": []}
    assert said("details", "bola", "--email", "bola@example.org") == {
        "person": "bola", "name": "Bola Adeyemi", "organisation": KINGS,
        "email": "bola@example.org",
    }  # fmt: skip
    assert said("identity", "bola", "2101") == {"person": "bola", "subject": "2101"}
    run("sanction", "bola", "--reason", "Shared an account.")
    number = json.loads(run("sanctions", "--json")[1])[0]["sanction"]["number"]
    assert said("lift", str(number), "--reason", "Settled.") == {
        "sanction": number, "lifted_on": "2026-03-02",  # the Monday on which the clock stands
    }  # fmt: skip
    assert said("add", "gus", "--name", "Gus Grey", "--organisation", KINGS) == {
        "person": "gus", "name": "Gus Grey", "email": "", "role": "researcher",
        "accredited": False,
    }  # fmt: skip


@pytest.mark.parametrize(
    "words",
    [
        ["lift", "7", "--reason", "Settled."],
        ["passport", "bola", "--trust", SLAM, "--reference", "x", "--days", "2026-03-01"],
        ["training", "bola", "--passed", "2099-01-01"],
        ["roles", "bola", "--role", "king"],
        ["details", "nobody-there"],
        ["identity", "bola", "2101"],  # no provider is set
    ],
    ids=lambda words: words[0],
)
def test_an_act_that_cannot_be_done_prints_no_object(run: Run, words: list[str]) -> None:
    status, shown, errors = run(*words, "--json")
    assert (status, shown) == (3, "")
    assert errors.startswith("tre: ")


def test_reminders_are_sent_once_and_their_mail_with_them(demo: Demo, run: Run) -> None:
    assert "No reminder is due." in run("remind")[1]
    demo.clock.move(days=250)  # 7 November: 59 days before the projects end
    sent = json.loads(run("remind", "--json")[1])
    assert {each["days"] for each in sent["reminders"]} == {60}
    assert sent["mail"] == {"sent": 0, "failed": 0}  # nobody here has an address
    assert json.loads(run("remind", "--json")[1])["reminders"] == []


def test_an_account_is_opened_for_somebody_with_an_address_and_given_back(
    demo: Demo, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("typer.prompt", lambda *_, **__: "a-long-enough-password")
    words = ["--name", "Gus Grey <gus@example.org>", "--organisation", KINGS]
    assert run("add", "gus", *words)[0] == 0
    assert sign_in(demo.tre, "gus", "a-long-enough-password", "").email == "gus@example.org"
    told = json.loads(run("recover", "gus", "--json")[1])
    assert sign_in(demo.tre, "gus", told["temporary_password"], "").temporary_password
    assert run("code", "gus")[0] == 3
    assert run("details", "gus", "--email", "none", "--organisation", "Barts")[0] == 0
    shown = json.loads(run("show", "gus", "--json")[1])
    assert (shown["name"], shown["organisation"], shown["email"]) == ("Gus Grey", "Barts", "")


def test_nobody_without_the_role_decides_from_the_shell_either(run: Run) -> None:
    for words in (["recover", "ada"], ["roles", "ada"], ["applications"], ["remind"]):
        status, _, errors = run("--as", "cora", *words)
        assert status == 3
        assert "refused" in errors


def test_the_settings_of_mail_are_read(tmp_path: Path) -> None:
    (tmp_path / "tre.toml").write_text('smtp_url = "smtp://localhost"\nmail_from = "a@b"\n')
    config = Config.load(tmp_path, {})
    assert (config.smtp_url, config.mail_from) == ("smtp://localhost", "a@b")
