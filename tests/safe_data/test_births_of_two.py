"""A record of two persons, a mother and her child: whom it is given for, and when it is not."""

from datetime import date

import polars as pl
import pytest

from tre.safe_data.holders import choose, deidentified, research_ids
from tre.safe_data.linkages import linkage

ELIXIR = linkage("elixir")
ON, BORN = date(2026, 1, 5), date(2020, 5, 1)
PEOPLE = {
    # Anna's two children, Bea's one, Cleo's one born before the linkage's first day.
    "anna": "E1", "adam": "E2", "amy": "E3", "bea": "E4", "ben": "E5", "cleo": "E6", "carl": "E7",
}  # fmt: skip
BIRTHS = (
    ("anna", "adam", BORN),
    ("anna", "amy", date(2022, 5, 1)),
    ("bea", "ben", BORN),
    ("cleo", "carl", date(2017, 5, 1)),
)


KINDS = {
    "string": pl.String,
    "integer": pl.Int64,
    "number": pl.Float64,
    "boolean": pl.Boolean,
    "date": pl.Date,
}


def empty(table):
    """Every variable of a table, of its type, with nothing in it."""
    return [pl.lit(None, dtype=KINDS[v.type]).alias(v.name) for v in table.variables]


@pytest.fixture
def units(tmp_path):
    """The folder of the maternity units, with four births."""
    people = pl.DataFrame({"record": list(PEOPLE.values())}).with_columns(empty(ELIXIR.people))
    people.write_parquet(tmp_path / "elixir_people.parquet")
    days = [day for _, _, day in BIRTHS]
    mother = [PEOPLE[name] for name, _, _ in BIRTHS]
    both = {"record": mother, "child_record": [PEOPLE[name] for _, name, _ in BIRTHS]}
    dated = {"births": "birth_date", "neonatal_admissions": "admitted", "pregnancies": "delivered"}
    for table in ELIXIR.tables:
        about = both if len(table.about) > 1 else {"record": mother}
        day = pl.Series(dated[table.name], days)
        frame = pl.DataFrame(about).with_columns(empty(table)).with_columns(day)
        frame.write_parquet(tmp_path / f"elixir_{table.name}.parquet")
    objects(tmp_path)
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "elixir.key").write_text("ab" * 32)
    return tmp_path


def objects(folder, *names):
    since = pl.Series("since", [date(2025, 1, 1)] * len(names), dtype=pl.Date)
    records = pl.Series("record", [PEOPLE[name] for name in names], dtype=pl.String)
    pl.DataFrame([records, since]).write_parquet(folder / "elixir_objections.parquet")


def give(folder, matched, withdrawn=()):
    """Tables given where these are matched; their research pseudonyms turned back into names."""
    names = list(PEOPLE)
    ids = research_ids(pl.Series(PEOPLE.values()), folder, ELIXIR).to_list()
    links = pl.DataFrame(
        {"record": [PEOPLE[name] for name in matched], "cris_pseudonym": [*matched]},
        schema={"record": pl.String, "cris_pseudonym": pl.String},
    )
    gone = pl.Series([ids[names.index(name)] for name in withdrawn], dtype=pl.String)
    chosen = choose(folder, ELIXIR, links, ON, gone)
    back = dict(zip(ids, names, strict=True))
    given = dict(deidentified(folder, ELIXIR, chosen))
    births = given["births"]
    pairs = {
        (back[one["research_id"]], back[one["child_research_id"]])
        for one in births.iter_rows(named=True)
    }
    people = {back[one] for one in given["elixir_people"]["research_id"]}
    return chosen, pairs, people, given


@pytest.mark.parametrize(
    ("matched", "pairs", "people"),
    [
        # The mother is a patient: each of her births, and her children beside her.
        (("anna",), {("anna", "adam"), ("anna", "amy")}, {"anna", "adam", "amy"}),
        # One child is a patient: that birth, the mother beside the child, and not the sister.
        (("adam",), {("anna", "adam")}, {"anna", "adam"}),
        # Both are.
        (("bea", "ben"), {("bea", "ben")}, {"bea", "ben"}),
        # A birth before the first day of the linkage is given to nobody.
        (("cleo", "ben"), {("bea", "ben")}, {"bea", "ben"}),
    ],
)
def test_a_birth_is_given_where_one_of_the_two_is_a_patient(units, matched, pairs, people):
    _, given, whom, _ = give(units, matched)
    assert given == pairs
    assert whom == people


@pytest.mark.parametrize(
    ("matched", "objecting", "pairs", "people"),
    [
        # The child objects: the other birth stays, and nothing tells of this one.
        (("anna",), ("adam",), {("anna", "amy")}, {"anna", "amy"}),
        # The mother objects: the child who is a patient has no birth, and is in nothing.
        (("adam",), ("anna",), set(), set()),
        # The patient objects: the mother, who is no patient, is not there because of the child.
        (("adam",), ("adam",), set(), set()),
    ],
)
@pytest.mark.parametrize("how", ["objects", "withdrawn"])
def test_no_birth_is_given_of_somebody_who_objects(units, matched, objecting, pairs, people, how):
    if how == "objects":
        objects(units, *objecting)
    withdrawn = objecting if how == "withdrawn" else ()
    _, given, whom, _ = give(units, matched, withdrawn)
    assert given == pairs
    # Anna's pregnancies are her own records: she stays while one of them may be given.
    assert whom == people


def test_what_is_given_names_both_by_their_pseudonyms_where_they_have_one(units):
    _, _, _, given = give(units, ("bea", "ben", "adam"))
    births = given["births"].select("cris_pseudonym", "child_cris_pseudonym")
    assert set(births.iter_rows()) == {("bea", "ben"), (None, "adam")}
    assert "record" not in given["births"].columns
    assert "child_record" not in given["births"].columns


def test_who_is_beside_a_patient_is_counted_as_no_control(units):
    chosen, _, _, _ = give(units, ("anna", "cleo"))
    assert chosen.controls == 0
    assert chosen.out_of_time == 1  # Cleo's only birth was in 2017
    assert chosen.withheld == 0
