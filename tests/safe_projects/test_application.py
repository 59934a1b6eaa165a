"""What an application must say: laws, references, words, reasons, years, how its data meet."""

from datetime import date

import pytest

from tests.safe_projects.applications import application, applied, asked, npd, why
from tre.safe_projects.application import AskedVariable
from tre.safe_projects.completeness import (
    has_gateways,
    has_references,
    is_described,
    is_minimised,
    linked_places,
    says_how_data_meet,
)
from tre.safe_projects.gateways import (
    LEGAL_GATEWAYS,
    gateway,
    has_ethics,
    in_words,
    names_gateways,
)

TODAY = date(2026, 10, 5)


def words(decision) -> str:
    return " ".join(reason.sentence for reason in decision.reasons)


def test_a_complete_application_is_missing_nothing():
    assert is_described(applied(), application(), TODAY).allowed
    assert has_gateways(application(), TODAY).allowed
    assert has_references(application(), TODAY).allowed
    assert is_minimised(application()).allowed


@pytest.mark.parametrize(
    ("ids", "cag", "problem"),
    [
        # one that needs no support; one that does, with and without; none; unknown
        (("dea-2017",), "", ""),
        (("consent",), "", ""),
        (("section-251",), "25/CAG/0092", ""),
        (("section-251",), "", "Confidentiality Advisory Group"),
        (("dea-2017", "section-251"), "", "Confidentiality Advisory Group"),
        ((), "", "choose the law"),
        (("because",), "", "no legal gateway"),
        (("dea-2017", "because"), "", "no legal gateway"),
        # the reference in another form, or of a year to come
        (("section-251",), "25/CAG/92", "no reference of the CAG"),
        (("section-251",), "27/CAG/0092", "no reference of the CAG"),
        (("dea-2017",), "x", "no reference of the CAG"),
    ],
)
def test_a_gateway_is_of_the_list_and_has_its_support(ids, cag, problem):
    decision = names_gateways(ids, cag, TODAY)
    assert decision.allowed is (problem == "")
    assert problem in words(decision)


@pytest.mark.parametrize(
    ("rec", "is_right"),
    [
        ("25/SC/0229", True),
        ("26/LO/0001", True),
        ("18/HRA/1234", True),
        ("27/SC/0229", False),  # a year to come
        ("25/XX/0229", False),  # no centre
        ("25-SC-0229", False),
        ("25/SC/229", False),
        ("25/SC/0229 ", False),
        ("", False),
    ],
)
def test_a_committee_s_reference_has_a_form(rec, is_right):
    assert has_ethics(rec, "356975", TODAY).allowed is is_right


@pytest.mark.parametrize(
    ("iras", "is_right"),
    [
        *(("356975", True), ("12345", True), ("1234567", True), ("1234", False)),
        *(("12345678", False), ("056975", False), ("35697x", False), ("", False)),
        ("3\u0665\u0666\u0669\u0667\u0665", False),  # digits of another script
    ],
)
def test_an_iras_number_has_five_to_seven_digits(iras, is_right):
    assert has_ethics("25/SC/0229", iras, TODAY).allowed is is_right


def test_both_references_are_told_at_once():
    assert len(has_ethics("", "", TODAY).reasons) == 2


def test_gateways_are_found_by_their_id_and_said_in_the_order_of_the_list():
    assert gateway("consent") is not None
    assert gateway("none") is None
    assert in_words(["consent", "dea-2017"]) == (
        "Digital Economy Act 2017, section 64; Consent of the people whom the data describe"
    )
    assert len({one.id for one in LEGAL_GATEWAYS}) == len(LEGAL_GATEWAYS)


@pytest.mark.parametrize(
    ("project", "form", "problem"),
    [
        ({"title": " "}, {}, "a title"),
        ({"summary": "too few words"}, {}, "has 3 words"),
        ({"summary": "word " * 19}, {}, "has 19 words"),
        ({"summary": "word " * 20}, {}, ""),
        ({"summary": "word " * 300}, {}, ""),
        ({"summary": "word " * 301}, {}, "has 301 words"),
        ({"public_benefit": ""}, {}, "what the public gains"),
        ({}, {"methods": "\n"}, "what the study asks"),
        # the last day: today, yesterday, before the first, five years on, six years on
        ({"ends": TODAY}, {}, ""),
        ({"ends": date(2026, 10, 4)}, {}, "in the past"),
        ({"starts": date(2027, 1, 2), "ends": date(2027, 1, 1)}, {}, "before the first"),
        ({"ends": date(2030, 12, 31)}, {}, ""),
        ({"ends": date(2032, 1, 1)}, {}, "at most 5 years"),
    ],
)
def test_an_application_is_described(project, form, problem):
    decision = is_described(applied(**project), application(**form), TODAY)
    assert decision.allowed is (problem == "")
    assert problem in words(decision)


@pytest.mark.parametrize(
    ("form", "problem"),
    [
        ((), "choose the data"),
        ((asked(variables=()),), "name the variables of “cris”"),
        ((asked(variables=(AskedVariable(name="patients.sex", why="needed"),)),), "patients.sex"),
        ((asked(why_years=" "),), "why the study needs these years of “cris”"),
        ((asked(since_year=2019, until_year=2010),), "end before they begin"),
        ((asked(since_year=2010, until_year=2010),), ""),
        ((asked(since_year=None, until_year=None),), ""),
        ((asked(since_year=19),), "19 is no year"),
        ((asked(until_year=2101),), "2101 is no year"),
        # each dataset is looked at
        ((asked(), npd(variables=())), "name the variables of “npd”"),
    ],
)
def test_every_variable_and_the_years_are_argued_for(form, problem):
    decision = is_minimised(application(asked=form))
    assert decision.allowed is (problem == "")
    assert problem in words(decision)


def test_all_reasons_that_are_missing_are_named_together():
    bare = tuple(AskedVariable(name=f"patients.{name}", why="") for name in "ab")
    assert "patients.a, patients.b" in words(
        is_minimised(application(asked=(asked(variables=bare),)))
    )
    assert why("x.y")[0].why


@pytest.mark.parametrize(
    ("places", "meeting", "allowed"),
    [
        # nowhere, one place, both: only both must say how
        ((), "", True),
        (("SRS",), "", True),
        (("SRS", "SRS"), "", True),
        (("SRS", "CDLS"), "", False),
        (("SRS", "CDLS"), " ", False),
        (("SRS", "CDLS"), "The CDLS brings its part into the SRS.", True),
    ],
)
def test_data_of_two_places_come_with_how_they_meet(places, meeting, allowed):
    assert says_how_data_meet(applied(meeting=meeting), places).allowed is allowed


def test_cris_alone_is_of_no_place_of_linked_data():
    assert linked_places(application()) == {"SRS"}
    assert linked_places(application(asked=(asked(),))) == frozenset()
