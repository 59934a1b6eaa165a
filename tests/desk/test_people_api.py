"""People as JSON: from an account to an accreditation, and what those who decide may do."""

from collections.abc import Callable

import pytest

from tests.demo import PASSWORD, Demo
from tests.demo_people import KINGS, SLAM
from tests.desk.browser import Browser
from tre.steps.people import load_person
from tre.steps.second_factor import SECONDS, code_at, current_code
from tre.steps.sign_in import sign_in

People = Callable[[str], Browser]
TOLD = {
    "qualification": "MSc Statistics, Leeds, 2019",
    "training_passed": "2026-02-02",
    "training_certificate": "SRT-77",
    "declaration_version": "2025-1",
    "declared_as": "Finn Walsh",
}


def test_an_application_goes_from_nothing_to_granted_by_json_alone(
    demo: Demo, browser: People
) -> None:
    finn, mia = browser("finn"), browser("mia")
    number = finn.call("PUT", "/me/application", level="full").json()["id"]
    gaps = finn.call("POST", "/me/application/submit")
    assert gaps.status_code == 403
    assert len(gaps.json()["refused_by"]) == 3
    finn.call("PUT", "/me/application", **TOLD)
    assert finn.call("POST", "/me/application/submit").json() == {"id": number}
    assert mia.call("GET", "/accreditations").json()[0]["number"] == number
    view = mia.call("GET", f"/accreditations/{number}").json()
    assert view["against_a_grant"] == {"reasons": []}
    assert view["would_give"]["until"] == "2031-03-01"
    granted = mia.call("POST", f"/accreditations/{number}", event="grant")
    assert granted.json() == {"state": "granted"}
    mine = finn.call("GET", "/me/page").json()
    assert mine["person"]["accreditation"]["level"] == "full"
    assert finn.call("GET", "/me/applications").json()[0]["state"] == "granted"


def test_an_account_is_opened_documented_and_given_back_by_json(
    demo: Demo, browser: People
) -> None:
    mia = browser("mia")
    new = {"id": "gus", "name": "Gus", "organisation": KINGS, "roles": ["researcher"]}
    password = mia.call("POST", "/people", **new).json()["temporary_password"]
    assert sign_in(demo.tre, "gus", password, "").temporary_password
    paper = {"kind": "letter of access", "trust": SLAM, "reference": "LoA 1"}
    days = {"since": "2026-03-01", "until": "2027-02-28"}
    assert mia.call("POST", "/people/gus/passports", **paper, **days).status_code == 201
    assert mia.call("POST", "/people/gus/training", passed="2026-02-02").status_code == 201
    assert mia.call("PUT", "/people/gus/roles", roles=["trainer"]).status_code == 200
    apart = mia.call("PUT", "/people/gus/roles", roles=["auditor", "trainer"])
    assert apart.status_code == 403
    shown = mia.call("GET", "/people/gus").json()
    assert shown["person"]["roles"] == ["trainer"]
    assert {each["id"] for each in mia.call("GET", "/people").json()} >= {"gus", "ada"}
    again = mia.call("POST", "/people/gus/recover").json()["temporary_password"]
    assert again != password


def test_a_second_factor_password_and_codes_are_kept_by_json(demo: Demo, browser: People) -> None:
    ada = browser("ada")

    def proof() -> dict[str, str]:
        return {"password": PASSWORD, "code": current_code(demo.tre, "ada")}

    scanned = ada.call("POST", "/me/second-factor", **proof()).json()
    code = code_at(scanned["secret"], int(demo.clock.at.timestamp()) // SECONDS)
    codes = ada.call("POST", "/me/second-factor/confirm", code=code).json()["recovery_codes"]
    assert len(codes) == 10
    wrong = ada.call("POST", "/me/recovery-codes", password="wrong", code=codes[0])
    assert wrong.status_code == 422
    more = ada.call("POST", "/me/recovery-codes", password=PASSWORD, code=codes[0]).json()
    assert not set(more["recovery_codes"]) & set(codes)
    new = "a password of my very own"
    changed = ada.call(
        "POST", "/me/password", password=PASSWORD, code=more["recovery_codes"][0], new=new
    )
    assert changed.json() == {"done": True}
    sign_in(demo.tre, "ada", new, more["recovery_codes"][1])


def test_a_sanction_is_foreseen_imposed_and_lifted_by_json(demo: Demo, browser: People) -> None:
    mia = browser("mia")
    about = {"person": "ada", "until": "2026-04-01"}
    foreseen = mia.call("POST", "/sanctions", foresee=True, **about).json()
    assert [each["id"] for each in foreseen["barred"]] == ["ada"]
    assert load_person(demo.tre, "ada").sanctions == ()
    assert mia.call("POST", "/sanctions", reason="Shared.", **about).json() == foreseen
    number = mia.call("GET", "/sanctions").json()[0]["sanction"]["number"]
    assert mia.call("POST", f"/sanctions/{number}/lift", reason="Settled.").status_code == 200
    assert mia.call("POST", f"/sanctions/{number}/lift", reason="Settled.").status_code == 409


@pytest.mark.parametrize(
    ("method", "path", "sent"),
    [
        ("GET", "/people", {}),
        ("GET", "/people/ada", {}),
        ("POST", "/people", {"id": "x1", "name": "x", "organisation": "y", "roles": []}),
        ("PUT", "/people/ada/roles", {"roles": ["TRE manager"]}),
        ("PUT", "/people/ada/details", {"name": "x", "organisation": "y"}),
        ("POST", "/people/ada/training", {"passed": "2026-02-02"}),
        ("POST", "/people/ada/recover", {}),
        ("GET", "/accreditations", {}),
        ("GET", "/accreditations/1", {}),
        ("GET", "/sanctions", {}),
        ("POST", "/sanctions", {"person": "ada", "reason": "x"}),
        ("POST", "/sanctions", {"person": "ada", "foresee": True}),
        ("POST", "/sanctions/1/lift", {"reason": "x"}),
    ],
)
def test_what_is_for_managers_is_refused_to_everybody_else(
    demo: Demo, browser: People, method: str, path: str, sent: dict[str, object]
) -> None:
    for person in ("bola", "cora", "tess", "lena"):
        assert browser(person).call(method, path, **sent).status_code == 403, person
