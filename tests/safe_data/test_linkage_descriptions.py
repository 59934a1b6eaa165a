"""A description of a linkage that cannot be carried out is refused, with what is wrong in it."""

from dataclasses import replace
from datetime import date

import pytest

from tre.decision import UnusableRequestError
from tre.safe_data import linkages as package
from tre.safe_data.holders import pseudonym_of, research_id_of
from tre.safe_data.linkages import linkage, linkages
from tre.safe_data.linkages.coherence import must_cohere
from tre.safe_data.linkages.linkage import Controls, Covered
from tre.safe_data.linking.separation.described import undescribed

NPD, ELIXIR, HES = linkage("npd"), linkage("elixir"), linkage("hes")
BIRTHS = next(table for table in ELIXIR.tables if table.name == "births")
PILOT = NPD.periods[0]


def with_births(**changes):
    return replace(ELIXIR, tables=(replace(BIRTHS, **changes),))


WRONG = [
    (replace(NPD, id="Npd_2"), "its id must be small letters"),
    (replace(NPD, place="the attic"), "researchers see it in 'the attic'"),
    (replace(NPD, matcher="Home Office"), "Home Office is to compare identifiers of Department"),
    (replace(NPD, identifiers=("first_name", "blood_group")), "sends blood_group"),
    (replace(NPD, identifiers=()), "sends nothing"),
    (replace(NPD, covered=Covered(text="", sex="female")), "covers the sex 'female'"),
    (replace(NPD, covered=Covered(text="", gp_borough="Camden")), "practices of 'Camden'"),
    (
        replace(NPD, controls=Controls(text="", among={"town": ("Croydon",)})),
        "chooses controls by 'town', which pupils has not",
    ),
    (
        replace(HES, controls=Controls(text="", among={"borough": ("Croyden",)})),
        "controls with borough 'Croyden', which is none of its codes",
    ),
    (
        replace(NPD, first_day=date(2020, 1, 2), last_day=date(2020, 1, 1)),
        "its last day lies before its first",
    ),
    (
        replace(NPD, periods=(replace(PILOT, last_day=date(2000, 1, 1)),)),
        "the period 'historic' ends before it begins",
    ),
    (replace(NPD, periods=(PILOT, PILOT)), "two periods have the id 'historic'"),
    (with_births(dated_by=None), "no table says by which day"),
    (with_births(dated_by="birthday"), "'birthday' is named as a day"),
    (with_births(in_order=(("birth_date", "discharged"),)), "'discharged' is named as a day"),
    (with_births(near_birth=("born",)), "'born' is named as a day"),
    (with_births(about=("mother", "child_record")), "must be the register's key, 'record'"),
    (with_births(about=("record", "child")), "'child' names a second person, so it must end with"),
    (
        replace(ELIXIR, people=replace(ELIXIR.people, about=("record", "child_record"))),
        "elixir_people has one row a person",
    ),
    (
        with_births(variables=(*BIRTHS.variables, BIRTHS.variables[0])),
        "two columns are called 'birth_date'",
    ),
    (replace(NPD, brings=("libraries",)), "brings 'libraries', which is no linkage"),
]


@pytest.mark.parametrize(("description", "words"), WRONG, ids=[words for _, words in WRONG])
def test_what_cannot_be_carried_out_is_refused(description, words):
    with pytest.raises(UnusableRequestError) as refused:
        must_cohere([description])
    assert words in str(refused.value)


def test_the_linkages_of_the_simulator_can_be_carried_out():
    must_cohere(linkages())


def test_two_linkages_have_nothing_of_the_same_name():
    second = replace(NPD, id="npd-again")
    with pytest.raises(UnusableRequestError) as refused:
        must_cohere([NPD, second])
    assert "two linkages have the order 1" in str(refused.value)
    assert "two linkages have a table 'pupils'" in str(refused.value)
    with pytest.raises(UnusableRequestError, match="two linkages have the id 'npd'"):
        must_cohere([NPD, replace(NPD, order=99)])


def test_a_wrong_file_among_the_linkages_is_refused_before_anything_is_done(tmp_path, monkeypatch):
    (tmp_path / "wrong_linkage.py").write_text(
        "from dataclasses import replace\n"
        "from tre.safe_data.linkages.hes import LINKAGE as HES\n"
        "LINKAGE = replace(HES, id='wrong', order=16, place='the attic')\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(package, "__path__", [*package.__path__, str(tmp_path)])
    monkeypatch.delitem(vars(package), "wrong_linkage", raising=False)
    package.linkages.cache_clear()
    try:
        with pytest.raises(UnusableRequestError, match="'wrong': researchers see it in"):
            package.linkages()
    finally:
        vars(package).pop("wrong_linkage", None)
        package.linkages.cache_clear()


def test_a_second_person_is_named_alike_wherever_the_register_has_a_key_of_its_own():
    """What is brought, what separation allows, and what a project gets: `child`, thrice."""
    births = replace(BIRTHS, about=("mother", "child_mother"))
    people = replace(ELIXIR.people, about=("mother",))
    named = replace(ELIXIR, record="mother", people=people, tables=(births,))
    must_cohere([named])
    columns = [research_id_of(named, "child_mother"), pseudonym_of(named, "child_mother")]
    assert columns == ["child_research_id", "child_cris_pseudonym"]
    assert undescribed("cdls/elixir/1/births.parquet", columns, {"elixir": named}) == []
    assert [one.name for one in births.described().also] == ["child_id"]
