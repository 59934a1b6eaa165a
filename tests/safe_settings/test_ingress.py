"""What the scan finds in files that people bring: one example a rule, and what it leaves alone."""

import base64
import json

import pytest

from tre.safe_settings.ingress.rules import RULES, Severity
from tre.safe_settings.ingress.scan import Offered, Scanned, passages_of, scan


def scanned(name: str, content: str | bytes, *, strip: bool = True) -> Scanned:
    raw = content if isinstance(content, bytes) else content.encode()
    return scan([Offered(name=name, content=raw)], strip=strip)[0]


def rules(name: str, content: str | bytes, *, strip: bool = True) -> set[str]:
    return {finding.rule for finding in scanned(name, content, strip=strip).findings}


def notebook(*cells: dict, **more) -> str:
    """A notebook with these cells; a cell says what it has besides being an empty code cell."""
    empty = {"cell_type": "code", "metadata": {}, "source": "", "outputs": []}
    whole = [{**empty, "execution_count": None, **cell} for cell in cells]
    for cell in whole:
        if cell["cell_type"] != "code":
            del cell["outputs"], cell["execution_count"]
    return json.dumps({"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": whole, **more})


OUTPUT = {"output_type": "stream", "name": "stdout", "text": "Ada, 1970"}
B64 = base64.b64encode(bytes(range(256))).decode()

# One file for every rule, and nothing else that blocks in it where the rule is one to look at.
EXAMPLES: dict[str, tuple[str, str | bytes]] = {
    "name": ("../x.py", "x = 1\n"),
    "shadows_module": ("random.py", "x = 1\n"),
    "kind": ("people.csv", "a,b\n1,2\n"),
    "size": ("a.py", b"#" * (2**18 + 1)),
    "content": ("a.py", "naïve".encode("latin-1")),
    "archive": ("a.py", b"PK\x03\x04" + bytes(40)),
    "compiled": ("a.py", b"\x7fELF" + bytes(40)),
    "data_file": ("a.py", b"PAR1" + bytes(40)),
    "values": ("a.py", "codes = [" + ", ".join(f"'F{n:03}'" for n in range(60)) + "]\n"),
    "many_values": ("a.py", "x = [" + ",\n".join(str(n) for n in range(1_000)) + "]\n"),
    "rows": ("a.txt", "".join(f"Lambeth;{n};yes\n" for n in range(20))),
    "many_rows": ("a.txt", "".join(f"Lambeth;{n};yes\n" for n in range(200))),
    "encoded": ("a.py", f"x = '{B64[:200]}'\n"),
    "encoded_data": ("a.py", f"x = '{base64.b64encode(b'PAR1' + bytes(120)).decode()}'\n"),
    "identifier": ("a.py", "# see 943 476 5919\n"),
    "contact": ("a.py", "# by ada@example.org, SE5 8AF\n"),
    "dates": ("a.py", "d = [" + ", ".join(f"'2001-02-{n:02}'" for n in range(1, 13)) + "]\n"),
    "secret": ("a.py", "key = '''-----BEGIN OPENSSH PRIVATE KEY-----'''\n"),
    "password": ("a.py", "password = 'correct-horse'\n"),
    "network": ("a.py", "import os, requests\n"),
    "install": ("a.py", "# pip install git+ssh://example\n"),
    "shell": ("a.py", "import subprocess\n"),
    "native_code": ("a.py", "x = pickle.load(f)\n"),
    "dynamic_code": ("a.py", "exec(text)\n"),
    "decoded_code": ("a.py", "t = base64.b64decode(s)\nexec(t)\n"),
    "long_line": ("a.py", "# " + "word " * 300 + "\n"),
    "longest_line": ("a.py", "# " + "word " * 3_000 + "\n"),
    "invisible": ("a.py", "access = 'user\u202e \u2066# check\u2069 \u2066'\n"),
    "lookalike": ("a.py", "sсope = 1\n"),  # noqa: RUF001 - the second letter is Cyrillic
    "blanks": ("a.py", "x = 1" + " \t" * 10 + "\n"),
    "mixed_script": ("a.py", "xβ = 1\n"),
    "notebook_outputs": ("a.ipynb", notebook({"outputs": [OUTPUT]})),
    "notebook_attachments": (
        "a.ipynb",
        notebook({"cell_type": "markdown", "attachments": {"a.png": {"image/png": "AA=="}}}),
    ),
    "notebook_metadata": ("a.ipynb", notebook({"metadata": {"trusted": True}})),
    "active_markup": ("a.ipynb", notebook({"source": "%%javascript\nalert(1)"})),
    "rich_display": ("a.py", "display(HTML(x))\n"),
    "yaml_objects": ("a.yaml", "x: !!python/object/apply:os.system [ls]\n"),
}
ALONE = {"same_name"}


def test_every_rule_has_an_example_here():
    assert set(EXAMPLES) | ALONE == set(RULES)


@pytest.mark.parametrize("rule", EXAMPLES)
def test_a_rule_finds_its_example(rule: str):
    name, content = EXAMPLES[rule]
    found = scanned(name, content, strip=False)
    (first, *_) = [finding for finding in found.findings if finding.rule == rule]
    assert first.severity is RULES[rule].severity
    assert first.message
    assert first.remedy.endswith(".")
    if RULES[rule].severity is Severity.LOOK:
        assert not found.blocked, found.findings


CODE = '''"""Attainment by diagnosis group."""

import re

import polars as pl

from tre import session

BANDS = {"low": (0, 30), "high": (30, 90)}
β = 0.5
pattern = re.compile(r"F2[0-9]")


def attainment(rows: pl.DataFrame, *, since: int = 2010) -> pl.DataFrame:
    """Means, rounded; café in a comment does no harm."""
    return rows.filter(pl.col("year") >= since).group_by("sex").agg(pl.col("score").mean())


model = attainment(session.extract("linked").collect(), since=2012)
model.evaluate(1), model.eval()
'''


def test_ordinary_code_passes_without_a_finding():
    assert scanned("analysis.py", CODE).findings == ()
    assert scanned("a.R", "library(dplyr)\nx <- c(1, 2, 3)\nprint(summary(x))\n").findings == ()
    assert scanned("a.sql", "SELECT sex, count(*) FROM linked GROUP BY sex;\n").findings == ()
    assert scanned("a.yaml", "**title**: Attainment\nyears: [2010, 2011]\n").findings == ()
    assert scanned("a.json", '{"years": [2010, 2011]}').findings == ()
    assert scanned("a.toml", 'title = "Attainment"\n').findings == ()
    assert scanned("notes.md", "# Title\n\n- a, b, c\n- d 👩\ufe0f\n").findings == ()


def test_an_ordinary_notebook_passes_and_keeps_its_words():
    cells = [{"source": ["x = 1\n", "x + 1"]}, {"cell_type": "markdown", "source": "# Why"}]
    found = scanned("a.ipynb", notebook(*cells))
    assert (found.findings, found.removed) == ((), ())
    kept = json.loads(found.content)
    assert [cell["source"] for cell in kept["cells"]] == ["x = 1\nx + 1", "# Why"]


def test_a_notebook_comes_in_without_what_nobody_typed():
    widgets = {"widgets": {"state": {"a": "secret"}}, "kernelspec": {"name": "python3"}}
    brought = notebook(
        {"outputs": [OUTPUT], "source": "1"},
        {"outputs": [OUTPUT], "source": "2"},
        {"cell_type": "markdown", "attachments": {"a.png": {"image/png": "AA=="}}},
        {"metadata": {"trusted": True, "tags": ["parameters"]}, "execution_count": 7},
        metadata=widgets,
    )
    found = scanned("a.ipynb", brought)
    assert found.findings == ()
    assert found.removed == (
        "metadata: widgets",
        "outputs of 2 cells",
        "attachments of cell 3",
        "metadata of cell 4",
        "its number of cell 4",
    )
    for gone in (b"Ada", b"secret", b"image/png", b"trusted", b"7"):
        assert gone not in found.content
    kept = json.loads(found.content)
    assert kept["metadata"] == {"kernelspec": {"name": "python3"}}
    assert kept["cells"][3]["metadata"] == {"tags": ["parameters"]}
    assert scanned("a.ipynb", found.content).content == found.content


def test_nothing_of_a_notebook_comes_in_that_is_not_shown():
    hidden = {"id": "Ada1970", "metadata": {"tags": ["NHS9434765919"]}}
    for strip in (True, False):
        found = scanned("a.ipynb", notebook({**hidden, "source": "1"}), strip=strip)
        assert b"1970" not in found.content
        assert b"943" not in found.content
        assert found.blocked is not strip


def test_what_is_spread_over_many_cells_is_added_up():
    values = [{"source": str(list(range(40)))}] * 130
    found = scanned("a.ipynb", notebook(*values))
    assert "5,200 literal values in all" in {finding.message for finding in found.findings}
    encoded = "".join(f"a{n} = '{B64[n : n + 100]}'\nprint(a{n})\n" for n in range(25))
    assert rules("a.py", encoded) == {"encoded"}


@pytest.mark.parametrize(
    ("name", "content", "rule"),
    [
        ("a.txt", "begin 644 data\nM" + "A" * 60 + "\nend\n", "encoded_data"),
        ("a.py", "x = 'a\U000e0101'\n", "invisible"),
        ("a.py", "x = 1 \n" * 50, "blanks"),
        ("a.py", b"\xa7\x0d\x0d\x0a" + bytes(12), "compiled"),
        ("a.ipynb", '{"nbformat": 4, "cells": {}}', "content"),
        ("a.py", '{"cells": ' + "[" * 5_000, None),
        ("a.py", '{"cells": [', None),
    ],
)
def test_a_rarer_form_is_found_too(name: str, content: str | bytes, rule: str | None):
    assert ({rule} if rule else set()) <= rules(name, content)


def test_fields_that_no_notebook_has_are_taken_out():
    found = scanned("a.ipynb", notebook({"source": "1", "data": "Ada"}, signature="x"))
    assert "fields that no notebook has" in " ".join(found.removed)
    assert b"Ada" not in found.content


def test_a_notebook_that_cannot_be_read_is_shown_as_text():
    (passage,) = passages_of("a.ipynb", b"{broken")
    assert (passage.text, passage.cell) == ("{broken", None)
    assert passages_of("a.py", b"\xff") == ()


def test_findings_name_the_cell_and_the_line_in_it():
    brought = notebook({"source": "x = 1"}, {"source": "y = 2\n!curl http://example.org"})
    places = {(f.rule, f.cell, f.line) for f in scanned("a.ipynb", brought).findings}
    assert places == {("network", 2, 2), ("shell", 2, 2)}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        # The bytes decide, whatever the name says.
        ("a.py", b"\xff\xfea\x00b\x00"),
        ("a.py", b"\x80\x04\x95" + bytes(20)),
        ("a.txt", b"cos\nsystem\n(S'ls'\ntR."),
        ("a.md", bytes(257) + b"ustar" + bytes(100)),
        ("a.sql", b"x = 1\x00\n"),
        ("a.py", "<!DOCTYPE html><script>1</script>"),
        ("a.py", notebook({"outputs": [OUTPUT]})),
        ("a.json", notebook({"outputs": [OUTPUT]})),
        ("a.json", "{'a': 1}"),
        ("a.json", '{"a": 1, "a": 2}'),
        ("a.json", "[NaN]"),
        ("a.json", "[" * 100_000),
        ("a.json", "1" * 100_000),
        ("a.toml", "a = ["),
        ("a.ipynb", "{}"),
        ("a.ipynb", '{"nbformat": 4, "cells": [1]}'),
        ("a.ipynb", notebook({"source": 7})),
        ("a.ipynb", notebook({"source": "\ud800"})),
        ("a.ipynb", '{"nbformat": 4, "cells": [], "cells": []}'),
        ("a.py", b""),
        ("a.py", b" \n"),
        ("a.py", "x = 1\n" * 5_000),
    ],
)
def test_what_is_not_what_its_name_says_is_blocked(name: str, content: str | bytes):
    assert scanned(name, content).blocked


@pytest.mark.parametrize(
    "name",
    [
        *("../a.py", "a/b.py", "a\\b.py", "/a.py", "..", ".", "", " ", ".hidden.py", "a.py."),
        *(" a.py", "a.py ", "CON.py", "nul", "com1.txt", "a\x1b[2J.py", "a\n.py", "a\u202e.py"),
        *("é.py", "a" * 98 + ".py", "-rf.py", "a;b.py", "a:b.py", "$x.py"),
    ],
)
def test_a_name_that_leads_or_looks_elsewhere_is_blocked(name: str):
    found = scanned(name, "x = 1\n")
    assert "name" in {finding.rule for finding in found.findings}
    assert all(finding.message.isprintable() for finding in found.findings)


def test_names_that_differ_in_capitals_alone_are_blocked():
    files = [Offered(name=name, content=b"x = 1\n") for name in ("a.py", "A.PY", "b.py")]
    found = {file.name: {f.rule for f in file.findings} for file in scan(files)}
    assert found == {"a.py": {"same_name"}, "A.PY": {"same_name"}, "b.py": set()}


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("𝐞𝐱𝐞𝐜(text)", "lookalike"),  # noqa: RUF001 - Python reads the letters as exec
        ("сору = 1", "lookalike"),  # noqa: RUF001 - all letters are Cyrillic
        ("x = 'a\u200bb'", "invisible"),
        ("x = 1\u2028y = 2", "invisible"),
        ("x = '\u3164'", "invisible"),
        ("\U000e0041", "invisible"),
        ("x = '\x1b[2J'", "invisible"),
        ("# harmless\rimport os", "invisible"),
        ("x\u00a0= 1", "blanks"),
        ("from urllib.request import urlopen", "network"),
        ("!pip install x -f http://example.org", "install"),
        ("os.system('ls')", "shell"),
        ("%%bash", "shell"),
        ("download.file(u)", "network"),
        ("dob = '1990-02-03'", "identifier"),
        ("n = 9434765919", "identifier"),
        ("upn = 'T325001204001'", "identifier"),
        ("upn = 'A325001204001'", None),
        ("n = 9434765918", None),
        ("token = 'ghp_" + "a1B2" * 9 + "'", "secret"),
        ("__import__('os')", "dynamic_code"),
        ("x = re.compile('a')", None),
        ("if x != 1: pass", None),
    ],
)
def test_a_line_is_found_by_its_rule(line: str, rule: str | None):
    assert ({rule} if rule else set()) <= rules("a.py", f"{line}\n")
    if rule is None:
        assert rules("a.py", f"{line}\n") == set()


@pytest.mark.parametrize(
    "text",
    ["<script>x</script>", "<img src=a onerror='x'>", "[a](javascript:x)", "<IFRAME src=x>"],
)
def test_active_markup_in_texts_is_blocked(text: str):
    assert "active_markup" in rules("a.md", text)
    assert "active_markup" in rules("a.ipynb", notebook({"cell_type": "markdown", "source": text}))


def test_comments_between_values_do_not_hide_them():
    text = "".join(f"{n},  # a\n" for n in range(1_000))
    assert "many_values" in rules("a.py", f"x = [\n{text}]\n")


def test_encoded_text_that_is_broken_into_lines_is_found():
    lines = [B64[at : at + 60] for at in range(0, 340, 60)]
    assert "encoded" in rules("a.py", "x = (\n" + "".join(f'    "{one}"\n' for one in lines) + ")")


def test_a_message_never_repeats_what_it_found():
    text = "# 943 476 5919, ada@example.org\npassword = 'correct-horse'\n"
    told = " ".join(finding.message for finding in scanned("a.py", text).findings)
    for secret in ("943", "ada@", "correct"):
        assert secret not in told


def test_many_findings_of_a_rule_are_counted():
    found = [f for f in scanned("a.py", "exec(x)\n" * 30).findings if f.rule == "dynamic_code"]
    assert (len(found), found[-1].more) == (10, 20)
