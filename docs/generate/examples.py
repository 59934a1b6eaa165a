"""Pages of prose whose examples are run: what a code block shows stands in the text block after it.

Python blocks of a page run one after the other, as the cells of a notebook do: the last
expression shows itself. Lines of shell blocks that begin with `output-checks` run as the command
does, `> FILE` at their end included, and `echo $?` shows the exit status; other lines are left
alone. A mistake is shown where the page already names its error, and else it is refused.
"""

import ast
import io
import os
import re
import shlex
import tempfile
from collections.abc import Generator, Mapping
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

from rich.console import Console

from output_checks import example_people
from output_checks.cli import NOT_DONE, run
from output_checks.errors import OutputCheckError

ROOT = Path(__file__).resolve().parent.parent.parent
TUTORIAL = "docs/tutorial/output-checks.md"
WIDTH = 96
_BLOCK = re.compile(
    r"^```(python|sh)\n(.*?)^```\n(\n```text\n.*?^```\n)?", re.DOTALL | re.MULTILINE
)
_OF_YOUR_OWN = "README.md"


class ExampleError(Exception):
    """An example of a page that cannot be run."""


def pages() -> dict[str, Path]:
    """Every page with examples that are run, by its name."""
    folders = ("docs/tutorial", "docs/how-to/output-checks", "docs/explanation")
    found = sorted(file for folder in folders for file in (ROOT / folder).glob("*.md"))
    return {str(file.relative_to(ROOT)): file for file in (*found, ROOT / "README.md")}


def page(name: str) -> str:
    """Run a page's examples and give its text with what they show now.

    It is run alone, without a name from anywhere and in an empty folder, as by who copies it from
    its first block on. The README speaks of a file of the reader's own: it has the example people.
    Raises ExampleError where one cannot be run.
    """
    text = (ROOT / name).read_text(encoding="utf-8")
    with _workplace():
        if name == _OF_YOUR_OWN:
            example_people().write_parquet("people.parquet")
        reader = _Reader(name)
        return _BLOCK.sub(reader.shown, text)


@contextmanager
def _workplace() -> Generator[None]:
    """An empty folder to work in, a terminal of fixed width without colours."""
    asked = {"COLUMNS": str(WIDTH), "NO_COLOR": "1", "TERM": "dumb", "POLARS_FMT_MAX_ROWS": "20"}
    before: Mapping[str, str | None] = {word: os.environ.get(word) for word in asked}
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        os.environ.update(asked)
        try:
            yield
        finally:
            for word, value in before.items():
                os.environ.pop(word) if value is None else os.environ.update({word: value})


class _Reader:
    """Somebody who types what a page says."""

    def __init__(self, name: str) -> None:
        self._page = name
        self._names: dict[str, Any] = {"__name__": "__example__"}
        self._status = 0

    def shown(self, block: re.Match[str]) -> str:
        """A block, and after it what it shows where the page shows that."""
        language, code, after = block.groups()
        said = self._said(language, code, after or "")
        if after is None:
            return block.group()
        return f"```{language}\n{code}```\n\n```text\n{said}```\n"

    def _said(self, language: str, code: str, expected: str = "") -> str:
        heard = io.StringIO()
        try:
            with redirect_stdout(heard), redirect_stderr(heard):
                self._python(code) if language == "python" else self._shell(code, expected)
        except OutputCheckError as error:
            name = type(error).__name__
            if name not in expected:
                raise ExampleError(f"{self._page}: {name}: {error} in\n{code}") from error
            heard.write(f"{name}: {error}\n")
        except Exception as error:
            raise ExampleError(f"{self._page}: {error!r} in\n{code}") from error
        lines = (line.rstrip() for line in heard.getvalue().rstrip().splitlines())
        return "".join(f"{line}\n" for line in lines)

    def _python(self, code: str) -> None:
        body = ast.parse(code)
        last = body.body.pop() if body.body and isinstance(body.body[-1], ast.Expr) else None
        exec(compile(body, self._page, "exec"), self._names)  # noqa: S102 - our own pages
        if isinstance(last, ast.Expr):
            asked = compile(ast.Expression(last.value), self._page, "eval")
            _show(eval(asked, self._names))  # noqa: S307 - our own pages

    def _shell(self, code: str, expected: str) -> None:
        for line in code.splitlines():
            words = shlex.split(line.removeprefix(".venv/bin/"), comments=True)
            if words[:1] == ["output-checks"]:
                self._status = _run(words[1:])
                if self._status == NOT_DONE and "output-checks:" not in expected:
                    raise ExampleError(f"{line} could not be carried out")
            elif line == "echo $?":
                print(self._status)  # noqa: T201 - as the shell does


def _run(words: list[str]) -> int:
    if ">" not in words:
        return run(words)
    at = words.index(">")
    with Path(words[at + 1]).open("w", encoding="utf-8") as file, redirect_stdout(file):
        return run(words[:at])


def _show(value: Any) -> None:
    """As a terminal with rich does."""
    if hasattr(value, "__rich__"):
        Console(width=WIDTH).print(value)
    elif value is not None:
        print(repr(value))  # noqa: T201 - as Python does
