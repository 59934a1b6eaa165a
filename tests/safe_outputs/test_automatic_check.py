"""The reader apart: it answers, and what exhausts it ends it and nothing else."""

import io
import resource
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.safe_outputs.extracts import by_sex, make_extract
from tre.decision import UnusableRequestError
from tre.safe_outputs import automatic_check, reader
from tre.safe_outputs.automatic_check import COMMAND, Reader, check_output
from tre.safe_outputs.recomputation import Submitted


@pytest.fixture(scope="module")
def extract(tmp_path_factory) -> Path:
    return make_extract(tmp_path_factory.mktemp("extracts") / "v1")


def output(**changes) -> Submitted:
    asserted = Submitted(
        content=b"sex,mean\nFemale,1.5\n",
        name="x.csv",
        declaration=None,
        extract=None,
        policy="srs",
    )
    return replace(asserted, **changes)


@pytest.fixture
def own_reader():
    """A reader of the test's own, stopped after it."""
    readers = []

    def start(*command: str, seconds: float = 60) -> Reader:
        readers.append(Reader(command=command or COMMAND, seconds=seconds))
        return readers[-1]

    yield start
    for one in readers:
        one.close()


def test_an_output_is_checked_in_a_process_apart(extract):
    table = by_sex()
    for _ in range(2):
        check = check_output(
            table.to_csv().encode(), "t.csv", table.declaration.to_json(), extract, "srs"
        )
        assert (check.verdict, check.provenance) == ("pass", "recomputed")


def test_an_unknown_policy_is_refused():
    with pytest.raises(UnusableRequestError, match="policy is not understood"):
        check_output(b"", "t.csv", None, None, "lax")


def test_a_file_that_is_too_large_is_not_even_sent(monkeypatch):
    monkeypatch.setattr(automatic_check, "LARGEST_BYTES", 2**20)
    check = check_output(b"0" * (2**20 + 1), "t.csv", None, None, "srs")
    assert check.findings[0]["message"] == "“t.csv” could not be checked: it is larger than 1 MB."


def test_a_reader_is_kept_warm_and_replaced_when_it_has_read_enough(own_reader, monkeypatch):
    one = own_reader()
    processes = set()
    monkeypatch.setattr(automatic_check, "CHECKS_A_READER", 2)
    for _ in range(3):
        processes.add(id(one._process) if one._process else None)
        assert one.check(output()).provenance == "asserted"
    # none yet; the first, still there for the second check; none, after two checks
    assert len(processes) == 2


@pytest.mark.parametrize(
    "code",
    [
        "import time; time.sleep(60)",
        "",
        "import sys; sys.stdin.readline(); print('half an answer', end='')",
    ],
)
def test_a_reader_that_gives_no_answer_fails_the_file(own_reader, code):
    one = own_reader(sys.executable, "-c", code, seconds=0.5)
    large = output(content=b"0" * 2**20)  # more than a pipe holds
    for _ in range(2):
        check = one.check(large)
        assert (check.verdict, check.provenance, check.policy_name) == ("fail", "asserted", "srs")
        assert "more than 0.5 seconds or all memory" in check.findings[0]["message"]


def test_an_expression_made_to_exhaust_memory_ends_the_reader_alone(own_reader, extract):
    # each step replaces every e by 2,000: 2 x 2,000 x 2,000 x 2,000 letters in each row
    many = "e" * 2_000
    steps = {"a": "sex", "b": "a", "c": "b"}
    bomb = replace(
        by_sex().declaration,
        rows=("c",),
        derive={new: f"replace({old}, 'e', '{many}')" for new, old in steps.items()},
    )
    one = own_reader(
        sys.executable, "-c", f"from tre.safe_outputs import reader; reader.main({2 * 2**30})"
    )
    check = one.check(output(declaration=bomb.to_json(), extract=extract))
    assert check.verdict == "fail"
    assert one.check(output()).verdict == "review"


def test_closing_a_reader_that_was_never_asked_does_nothing(own_reader):
    own_reader().close()


def test_messages_go_both_ways_whole(extract):
    sent = output(extract=extract, declaration="{\n}", private_results=("ab",), content=b"\n\x00\n")
    stream = io.BytesIO()
    reader.send(stream, sent)
    reader.send(stream, output())
    stream.seek(0)
    assert reader.receive(stream) == sent
    assert reader.receive(stream) == output()
    assert reader.receive(stream) is None


def test_a_reader_answers_one_line_for_each_output():
    stream, answers = io.BytesIO(), io.BytesIO()
    reader.send(stream, output())
    reader.send(stream, output(name="x.pkl"))
    stream.seek(0)
    reader.serve(stream, answers)
    assert answers.getvalue().count(b"\n") == 2


def test_a_reader_writes_no_file_and_has_its_memory_limited(own_reader):
    one = own_reader()
    one.check(output())
    limits = Path(f"/proc/{one._process.pid}/limits").read_text().splitlines()
    soft = {line[:26].strip(): line[26:47].strip() for line in limits}
    assert soft["Max address space"] == str(4 * 2**30)
    assert soft["Max file size"] == "0"
    assert soft["Max core file size"] == "0"


def test_a_reader_inherits_no_secret(own_reader, monkeypatch):
    monkeypatch.setenv("JUPYTERHUB_API_TOKEN", "secret")
    one = own_reader()
    one.check(output())
    environment = Path(f"/proc/{one._process.pid}/environ").read_bytes()
    assert b"secret" not in environment


def test_a_reader_reads_standard_input_and_answers_on_standard_output(monkeypatch, tmp_path):
    stream = io.BytesIO()
    reader.send(stream, output())
    (tmp_path / "in").write_bytes(stream.getvalue())
    limits: list[int] = []
    monkeypatch.setattr(reader, "limit", limits.append)
    with (tmp_path / "in").open() as source, (tmp_path / "out").open("w") as answers:
        monkeypatch.setattr(sys, "stdin", source)
        monkeypatch.setattr(sys, "stdout", answers)
        reader.main()
    assert limits == [reader.MOST_MEMORY_BYTES]
    assert (tmp_path / "out").read_text().startswith('{"verdict": "review"')


def test_what_is_taken_away_is_taken_for_good(monkeypatch):
    taken: dict[int, tuple[int, int]] = {}
    monkeypatch.setattr(resource, "setrlimit", taken.__setitem__)
    reader.limit(7)
    assert taken == {
        resource.RLIMIT_AS: (7, 7),
        resource.RLIMIT_FSIZE: (0, 0),
        resource.RLIMIT_CORE: (0, 0),
    }
