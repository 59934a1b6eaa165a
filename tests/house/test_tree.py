"""What no file of the repository may hold, and how long one may be."""

import ast
import sys

from tests.house.tracked import ROOT, python_files, text_of, tracked_files

LONGEST_LINES = 400
# Written so that this file does not hold what it looks for.
REGISTRIES = (
    "pypi" + ".org",
    "pythonhosted" + ".org",
    "npmjs" + ".org",
    "npmjs" + ".com",
    "deb.debian" + ".org",
    "conda" + ".anaconda" + ".org",
    "download.pytorch" + ".org",
)
MACHINES = (
    "/wo" + "rk/",
    "/tmp/" + "bash_jobs",
    "/fa" + "rm/",
    "/ro" + "ot/",
    "/opt/" + "wheels",
    "/opt/" + "pypi",
)


def holding(words: tuple[str, ...]) -> list[str]:
    return [
        f"{file.relative_to(ROOT)}: {word}"
        for file in tracked_files()
        for word in words
        if word in text_of(file)
    ]


def test_no_file_names_the_host_of_a_package_registry():
    assert holding(REGISTRIES) == []


def test_no_file_holds_a_path_of_somebody_s_machine():
    assert holding(MACHINES) == []


def test_no_source_file_is_longer_than_400_lines():
    sources = [
        file
        for file in tracked_files()
        if file.suffix in {".py", ".html", ".sh", ".js", ".css"} and ".min." not in file.name
    ]
    long = {
        str(file.relative_to(ROOT)): lines
        for file in sources
        if (lines := text_of(file).count("\n")) > LONGEST_LINES and "vendor" not in file.parts
    }
    assert long == {}


def test_a_session_imports_only_python_polars_and_output_checks():
    allowed = set(sys.stdlib_module_names) | {"polars", "output_checks"}
    strangers = set()
    for file in python_files("tre/session"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            strangers |= {
                name
                for name in names
                if name.partition(".")[0] not in allowed
                and name != "tre"
                and not name.startswith("tre.session")
            }
    assert strangers == set()


def test_notebooks_are_stored_without_outputs():
    for file in tracked_files():
        if file.suffix == ".ipynb":
            text = text_of(file)
            assert '"output_type"' not in text, f"{file.name} holds outputs"


def test_the_licence_is_the_whole_of_apache_2_0():
    licence = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in licence
    assert "TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION" in licence
    assert "END OF TERMS AND CONDITIONS" in licence
