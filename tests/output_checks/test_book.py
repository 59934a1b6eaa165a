"""The book of released outputs: what it keeps, what it refuses, and what a new output adds."""

import hashlib
import json
import threading
from datetime import date

import polars as pl
import pytest
from diffprivlib import BudgetAccountant

from output_checks import Data, OutputCheckError, UnreadableDataError, UnusableTableError
from output_checks.book import ReleaseBook

DAY = date(2027, 3, 1)
CELLS = {("F", "N"): 40, ("F", "S"): 60, ("M", "N"): 50, ("M", "S"): 70}


def frame_of(cells=CELLS):
    rows = [labels for labels, count in cells.items() for _ in range(count)]
    return pl.DataFrame(
        {
            "id": range(len(rows)),
            "sex": [sex for sex, _ in rows],
            "region": [region for _, region in rows],
            "pay": [10.0 + number % 7 for number in range(len(rows))],
        }
    )


def data_of(frame=None):
    return Data.read(frame_of() if frame is None else frame, unit="id", name="people")


@pytest.fixture
def book(tmp_path):
    return ReleaseBook(tmp_path / "book.jsonl")


def test_what_is_entered_is_read_again(book):
    table = data_of().table("sex", "region", statistic=["count", "mean"], of="pay")
    entered = book.add(table, name="pay.csv", on=DAY, project="p1")
    (read,) = book.entries()
    assert read == entered
    assert read.title == "pay.csv of p1, released on 2027-03-01"
    assert read.values["count"][0] == 40
    assert read.cells[0] == ("F", "N")
    assert read.declaration == table.declaration


def test_a_new_table_that_leaves_one_person_of_a_released_one_fails(book):
    book.add(data_of().table("sex"), name="all", on=DAY)
    report = book.ask({"new": data_of().table("region", where="id <> 5")})
    (found,) = report.findings
    assert report.verdict == "fail"
    assert found.rule == "differencing"
    assert found.arithmetic == "220 - 219 = 1"
    assert found.outputs == ("all, released on 2027-03-01", "new")
    assert report.released == ("all, released on 2027-03-01",)


def test_what_released_outputs_reveal_by_themselves_is_not_found_again(book):
    data = data_of()
    book.add(data.table("sex"), name="all", on=DAY)
    book.add(data.table("region", where="id <> 5"), name="most", on=DAY)
    assert book.ask({"new": data.table("sex")}).verdict == "pass"
    report = book.ask({"new": data.table("region")})  # 90 - 89: now also where they live
    assert [one.arithmetic for one in report.findings] == ["90 - 89 = 1"]


def test_only_the_projects_that_are_asked_for_count(book):
    book.add(data_of().table("sex"), name="all", on=DAY, project="p1")
    book.add(towns(), name="towns", on=DAY, project="p2")
    new = {"new": data_of().table("region", where="id <> 5")}
    assert book.ask(new, projects={"p1"}).verdict == "fail"
    assert book.ask(new, projects={"p2"}).verdict == "pass"


def towns():
    """A table of other people, in other columns."""
    frame = pl.DataFrame({"who": range(60), "town": ["x", "y"] * 30})
    return Data.read(frame, unit="who", name="towns").table("town")


@pytest.mark.parametrize(
    ("projects", "said"),
    [
        (["alhpa"], 'unknown project "alhpa". Did you mean "alpha".+“” .+, alpha'),
        ([], "projects names none"),
    ],
)
def test_a_project_that_the_book_does_not_know_is_no_reason_to_pass(projects, said, book):
    book.add(data_of().table("sex"), name="all", on=DAY, project="alpha")
    book.add(towns(), name="towns", on=DAY)
    new = [data_of().table("region", where="id <> 5")]
    with pytest.raises(UnusableTableError, match=said):
        book.ask(new, projects=projects)
    assert book.ask(new, projects=["alpha"]).verdict == "fail"


def test_other_datasets_are_not_compared(book):
    other = Data.read(frame_of(), unit="id", name="others")
    book.add(other.table("sex"), name="all", on=DAY)
    assert book.ask({"new": data_of().table("region", where="id <> 5")}).released == ()


def test_what_is_not_compared_is_said_with_the_reason(book):
    table = data_of().table("sex")
    book.add(Data.read(frame_of(), unit="id", name="others").table("sex"), name="far", on=DAY)
    book.add(Data.read(frame_of(), unit=None, name="people").table("sex"), name="rows", on=DAY)
    book.add(table, name="all", on=DAY, project="p1")
    report = book.ask({"new": table})
    assert report.released == ("all of p1, released on 2027-03-01",)
    assert report.verdict == "review"
    assert [one.outputs[0][:4] for one in report.findings] == ["far,", "rows"]
    assert "may be of the same people" in report.findings[0].message
    assert report.notes == (
        "Released outputs that were not compared, since they are made from another dataset, "
        "“others”: “far, released on 2027-03-01”.",
        "Released outputs that were not compared, since they count other units of “people” "
        "(rows): “rows, released on 2027-03-01”.",
    )
    book.add(towns(), name="towns", on=DAY, project="p2")
    report = book.ask({"new": table}, projects=["p2"])
    assert report.findings == ()
    assert report.notes == (
        "Released outputs that were not compared, since their projects were not asked for: “far, "
        "released on 2027-03-01”, “rows, released on 2027-03-01”, “all of p1, released on "
        "2027-03-01”.",
        "Released outputs that were not compared, since they are made from another dataset, "
        "“towns”: “towns of p2, released on 2027-03-01”.",
    )


def test_a_book_of_other_columns_is_of_other_people(book):
    far = frame_of().rename({"sex": "gender"})
    book.add(Data.read(far, unit="id", name="others").table("gender"), name="far", on=DAY)
    assert book.ask({"new": data_of().table("sex")}).findings == ()


def test_of_many_that_are_not_compared_some_are_named(book):
    table = Data.read(frame_of(), unit="id", name="others").table("sex")
    for number in range(14):
        book.add(table, name=f"t{number}", on=DAY)
    (note,) = book.ask({"new": data_of().table("sex")}).notes
    assert note.endswith("“t11, released on 2027-03-01” and 2 more.")


def test_ones_own_copy_of_the_data_is_used(book):
    book.add(data_of().table("sex"), name="all", on=DAY)
    new = {"new": data_of().table("region", where="id <> 5")}
    assert book.ask(new, data_of()).verdict == "fail"
    assert book.ask(new, {"people": data_of()}).verdict == "fail"
    with pytest.raises(UnusableTableError, match='unknown dataset "people"'):
        book.ask(new, {"persons": data_of()})


def test_what_was_withheld_then_is_withheld_now(book):
    small = CELLS | {("F", "N"): 3}
    data = data_of(frame_of(small))
    table = data.table("sex", "region").protect("suppress")
    book.add(table, name="crossed", on=DAY)
    assert book.ask({"new": data.table("region")}).verdict == "pass"
    report = book.ask({"new": data.table("sex", where="region = 'N'")})
    cells = {tuple(cell.items()) for one in report.findings for _, cell in one.cells}
    assert (("sex", "F"), ("region", "N")) in cells


@pytest.mark.parametrize(
    ("method", "options", "verdict", "most"),
    [
        # 100 and 120 are shown as they are; each can be 9 more or less
        ("round", {"base": 10}, "pass", None),
        # 220 is at most 224, 222 and 224: so many are not among the 219
        ("round", {"base": 10, "controlled": False}, "review", 5),
        ("midpoint", {}, "review", 3),
        ("suppress", {"base": 10}, "review", 5),
    ],
)
def test_a_rounded_number_is_only_known_within_its_rounding(book, method, options, verdict, most):
    book.add(data_of().table("sex").protect(method, **options), name="all", on=DAY)
    report = book.ask({"new": data_of().table("region", where="id <> 5")})
    assert report.verdict == verdict
    for found in report.findings:
        assert f"leave 0 to {most} people of a kind" in found.message
        assert "not (id <> 5)" in found.message


def test_a_noisy_number_tells_nothing_for_certain(book):
    noisy = (
        data_of()
        .table("sex")
        .protect("noise", categories="public", epsilon=1, accountant=BudgetAccountant(epsilon=1))
    )
    book.add(noisy, name="all", on=DAY)
    assert book.ask({"new": data_of().table("region", where="id <> 5")}).verdict == "pass"


def test_people_behind_released_means_are_compared(book):
    book.add(data_of().table("sex", statistic="mean", of="pay"), name="pay", on=DAY)
    report = book.ask({"new": data_of().table("sex", statistic="sum", of="pay", where="id <> 5")})
    assert [one.arithmetic for one in report.findings] == ["220 - 219 = 1"]
    assert "as if their numbers were published" in report.notes[0]


def test_a_mean_that_was_withheld_stays_withheld(book):
    data = data_of(frame_of(CELLS | {("F", "N"): 3}))
    table = data.table("sex", "region", statistic="mean", of="pay").protect("suppress")
    book.add(table, name="pay", on=DAY)
    new = data.table("sex", statistic="mean", of="pay", where="region = 'N'")
    report = book.ask({"new": new})
    assert "is withheld, but it has 3 people" in report.findings[0].message


def test_a_released_mode_is_compared_by_its_text(book):
    data = data_of()
    book.add(data.table("sex", statistic="mode", of="region"), name="mode", on=DAY)
    assert book.ask({"new": data.table("sex", statistic="mode", of="region")}).verdict == "pass"


def test_people_who_left_the_data_between_two_releases_are_found(book):
    book.add(data_of().table("sex", "region"), name="then", on=DAY)
    later = data_of(frame_of().filter(pl.col("id") > 1))  # two of the 40 women of the north left
    report = book.ask({"now": later.table("region")})
    told = {(one.severity, one.arithmetic) for one in report.findings}
    assert told == {("review", ""), ("fail", "90 - 88 = 2"), ("fail", "220 - 218 = 2")}
    (north,) = (one for one in report.findings if one.arithmetic == "90 - 88 = 2")
    assert "2 people left the data since" in north.message


def test_people_who_came_into_the_data_are_found_too(book):
    earlier = data_of(frame_of().filter(pl.col("id") > 0))
    book.add(earlier.table("region"), name="then", on=DAY)
    report = book.ask({"now": data_of().table("sex")})
    (found,) = (one for one in report.findings if one.severity == "fail")
    assert found.arithmetic == "220 - 219 = 1"
    assert "1 person came into the data since" in found.message
    assert [term.output for term in found.terms] == ["now", "then, released on 2027-03-01"]


@pytest.mark.parametrize(
    ("then", "now"),
    [
        ({"statistic": "mean", "of": "pay"}, {"statistic": "mean", "of": "pay"}),
        ({"where": "pay > 9"}, {}),
    ],
)
def test_changed_data_behind_other_questions_go_to_a_person(book, then, now):
    book.add(data_of().table("region", **then), name="then", on=DAY)
    later = data_of(frame_of().filter(pl.col("id") > 1))
    report = book.ask({"now": later.table("region", **now)})
    assert [one.severity for one in report.findings] == ["review"]


def test_a_rounded_release_of_changed_data_is_not_subtracted(book):
    book.add(data_of().table("region").protect("round"), name="then", on=DAY)
    later = data_of(frame_of().filter(pl.col("id") > 20))
    report = book.ask({"now": later.table("region")})
    assert [one.severity for one in report.findings] == ["review"]


def test_data_without_the_released_categories_go_to_a_person(book):
    book.add(data_of().table("region"), name="then", on=DAY)
    later = data_of(frame_of().filter(pl.col("region") == "N"))
    report = book.ask({"now": later.table("sex")})
    assert "other categories" in report.findings[0].message
    renamed = data_of(frame_of().rename({"region": "area"}))
    report = book.ask({"now": renamed.table("sex")})
    assert 'unknown column "region"' in report.findings[0].message


def test_a_name_is_given_once_in_a_project(book):
    table = data_of().table("sex")
    book.add(table, name="a", on=DAY, project="p1")
    book.add(table, name="a", on=DAY, project="p2")
    with pytest.raises(UnusableTableError, match="never replaced"):
        book.add(table, name="a", on=DAY, project="p1")
    with pytest.raises(UnusableTableError, match="needs a name"):
        book.add(table, name=" ", on=DAY)
    assert len(book.entries()) == 2


def test_two_who_write_at_once_both_get_their_line(book):
    table = data_of().table("sex")
    writers = [
        threading.Thread(target=book.add, args=(table,), kwargs={"name": str(i), "on": DAY})
        for i in range(6)
    ]
    for one in writers:
        one.start()
    for one in writers:
        one.join()
    assert {one.name for one in book.entries()} == set("012345")


def test_a_book_that_cannot_be_written_says_so(tmp_path):
    with pytest.raises(OutputCheckError, match="cannot be written"):
        ReleaseBook(tmp_path / "none" / "book").add(data_of().table("sex"), name="a", on=DAY)


def test_a_book_that_cannot_be_read_says_so(tmp_path):
    (tmp_path / "book").write_bytes(b"\xff\xfe\n")
    with pytest.raises(UnreadableDataError, match="cannot be read"):
        ReleaseBook(tmp_path / "book").entries()


def with_two(book):
    """Its path, and its lines with the closing one."""
    table = data_of().table("sex")
    for name in ("a", "b"):
        book.add(table, name=name, on=DAY)
    return book._path, book._path.read_text().splitlines(keepends=True)


def closed(line):
    """A book of one line as it is written."""
    digest = hashlib.sha256(line.encode()).hexdigest()
    return f'{line}\n{{"closing": {{"outputs": 1, "last": "{digest}"}}}}\n'


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda lines: lines[1:], "line 1 .* does not follow"),
        (lambda lines: [lines[0].replace('"a"', '"c"'), *lines[1:]], "line 2 .* was changed"),
        (lambda lines: [lines[0], lines[1][:-9]], "ends in the middle"),
        (lambda lines: [lines[0], lines[1][:-9] + "\n", lines[2]], "line 2 .* cannot be read"),
        (lambda lines: [closed("[]")], "no released output of format 1"),
        (
            lambda lines: [lines[0].replace('"format": 1', '"format": 2'), *lines[1:]],
            "of format 1",
        ),
        (lambda lines: [closed('{"format": 1, "before": "", "output": 3}')], "holds no released"),
        (lambda lines: [closed('{"format": 1, "format": 1}')], "a key is there twice"),
        # the end: cut off, cut off with the closing line, the last output changed
        (lambda lines: lines[:2], "closing line of its 1 outputs"),
        (lambda lines: lines[:1], "closing line of its 0 outputs"),
        (lambda lines: [lines[0], lines[2]], "closing line of its 1 outputs: its end was cut"),
        (lambda lines: [lines[0], lines[1].replace('"b"', '"c"'), lines[2]], "cut off or changed"),
        (lambda lines: [*lines, lines[2]], "line 3 .* no released output"),
    ],
)
def test_a_book_that_was_changed_is_not_read(book, change, message):
    path, lines = with_two(book)
    path.write_text("".join(change(lines)))
    with pytest.raises(UnreadableDataError, match=message):
        book.entries()


def first_line(book):
    book.add(data_of().table("sex"), name="a", on=DAY)
    return json.loads(book._path.read_text().splitlines()[0])["output"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"nmae": "a"}, 'unknown key of a released output "nmae"'),
        ({"on": None}, "None is no text"),
        ({"on": "1 March"}, "cannot be read"),
        ({"name": ""}, "its name is empty"),
        ({"declaration": {}}, "the declaration lacks"),
        ({"values": {"mean": [1, 2, 3]}}, "not those of its statistics"),
        ({"values": {"count": [1, 2]}}, "one value for each cell"),
        ({"values": {"count": [1, 2, True]}}, "True is no number"),
        ({"values": 3}, "cannot be read"),
        ({"cells": [["F", "N"], ["M"], ["Total"]]}, "one label for each dimension"),
        ({"cells": [["F"], ["F"], ["Total"]]}, "a cell is there twice"),
    ],
)
def test_an_entry_is_read_strictly(book, changes, message):
    output = first_line(book) | changes
    book._path.write_text(closed(json.dumps({"format": 1, "before": "", "output": output})))
    with pytest.raises(UnreadableDataError, match=message):
        book.entries()


def test_an_entry_that_lacks_something_is_refused(book):
    output = first_line(book)
    del output["on"]
    book._path.write_text(closed(json.dumps({"format": 1, "before": "", "output": output})))
    with pytest.raises(UnreadableDataError, match='lacks "on"'):
        book.entries()


def test_nothing_is_half_written(book, monkeypatch):
    book.add(data_of().table("sex"), name="a", on=DAY)
    before = book._path.read_bytes()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.replace", full)
    with pytest.raises(OutputCheckError, match="No space left"):
        book.add(data_of().table("sex"), name="b", on=DAY)
    assert book._path.read_bytes() == before
    assert sorted(one.name for one in book._path.parent.iterdir()) == [
        ".book.jsonl.lock",
        "book.jsonl",
    ]
