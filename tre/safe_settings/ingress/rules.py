"""Every rule of the scan, once: what it finds, whether it blocks, and what to do about it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType

from tre.safe_settings.ingress.limits import MOST_SHOWN


class Severity(StrEnum):
    """What a finding means: never to come in, or for a person to look at."""

    BLOCK = "block"
    LOOK = "look"


@dataclass(frozen=True, slots=True, kw_only=True)
class IngressRule:
    """One thing that is looked for.

    finds: what it finds, in words for everybody. remedy: what its reader can do about it.
    """

    name: str
    severity: Severity
    finds: str
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something found in one file.

    line: counted from 1, in the cell where `cell` (from 1) names one of a notebook; None for the
    whole. more: how many further findings of the same rule the file has.
    """

    rule: str
    severity: Severity
    message: str
    remedy: str
    line: int | None = None
    cell: int | None = None
    more: int = 0


def _rule(name: str, severity: Severity, finds: str, remedy: str) -> IngressRule:
    return IngressRule(name=name, severity=severity, finds=finds, remedy=remedy)


_BLOCK, _LOOK = Severity.BLOCK, Severity.LOOK
_EVERY = (
    _rule(
        "name",
        _BLOCK,
        "A file name that leads elsewhere, is hidden, reserved, too long, or has characters other "
        "than letters from a to z, digits, spaces and . _ - + ( ).",
        "Rename the file.",
    ),
    _rule(
        "same_name",
        _BLOCK,
        "Two files whose names differ in capitals alone, or not at all.",
        "Rename one of them.",
    ),
    _rule(
        "shadows_module",
        _LOOK,
        "A Python file with the name of a module: code beside it would import it instead.",
        "Rename the file, unless that is meant.",
    ),
    _rule(
        "kind",
        _BLOCK,
        "A file of a kind that may not be brought in.",
        "Bring scripts, notebooks and short texts. Data come through a linkage or an extract.",
    ),
    _rule("size", _BLOCK, "An empty file, or one that is too large to be read by a person.",
          "Bring less, in parts that a person can read."),
    _rule(
        "content",
        _BLOCK,
        "Bytes that are not what the name says: no text in UTF-8, or another kind of file.",
        "Save it as UTF-8, and give it the name of what it is.",
    ),
    _rule(
        "archive",
        _BLOCK,
        "A zip, tar or other archive, under any name.",
        "Bring the files one by one: what is packed cannot be read.",
    ),
    _rule(
        "compiled",
        _BLOCK,
        "A program or library that was compiled.",
        "Bring the source; ask the TRE manager for packages.",
    ),
    _rule(
        "data_file",
        _BLOCK,
        "A file of data: Parquet, a pickle, a database, a workbook of a statistics program.",
        "Data come through a linkage or an extract, never as code.",
    ),
    _rule(
        "values",
        _LOOK,
        "Many literal values in a row: a list of codes, or data.",
        "Say in the purpose what the list is and where it was published.",
    ),
    _rule(
        "many_values",
        _BLOCK,
        "So many literal values that the file holds data more than code.",
        "Bring a list of codes in parts, or ask for the data as an extract.",
    ),
    _rule(
        "rows",
        _LOOK,
        "Many lines that look like the rows of a table.",
        "Say in the purpose what the table is and where it was published.",
    ),
    _rule(
        "many_rows",
        _BLOCK,
        "So many rows of a table that the file holds data more than code.",
        "Ask for the data as an extract.",
    ),
    _rule(
        "encoded",
        _LOOK,
        "A run of letters and digits as base64, hexadecimal or another encoding makes it.",
        "Bring it in a form that a person can read, or say what it is.",
    ),
    _rule(
        "encoded_data",
        _BLOCK,
        "Much encoded text, or encoded text that begins like an archive, a program or a data file.",
        "Bring what it stands for, in a form that a person can read.",
    ),
    _rule(
        "identifier",
        _BLOCK,
        "A number that identifies somebody: an NHS number or Unique Pupil Number with the right "
        "check character, or a date of birth that is called so.",
        "Take it out. If it is no identifier, write the number in another way, as 2**32.",
    ),
    _rule(
        "contact",
        _LOOK,
        "A postcode or an e-mail address.",
        "Take it out unless it is an author's or an office's.",
    ),
    _rule("dates", _LOOK, "Many dates in a row, as in a list of people's dates.",
          "Take them out unless they are nobody's."),
    _rule(
        "secret",
        _BLOCK,
        "A private key, or a token of a known service.",
        "Take it out and revoke it: it is known now. A session reaches no service anyway.",
    ),
    _rule("password", _LOOK, "A password or key that is written into the code.",
          "Take it out: a session reaches no service."),
    _rule(
        "network",
        _LOOK,
        "Code that asks the network, or names an address.",
        "Take it out: a session has no network.",
    ),
    _rule(
        "install",
        _LOOK,
        "Code that installs packages from an address.",
        "Use %pip install NAME, which takes them from the packages that the TRE manager chose.",
    ),
    _rule("shell", _LOOK, "A line for the shell, or a process that is started.",
          "Do it in Python or R where that is possible."),
    _rule("native_code", _LOOK, "Code that is loaded from bytes: pickles, marshal, ctypes.",
          "Load data from formats that hold no code."),
    _rule("dynamic_code", _LOOK, "Code that is made and run while running: exec, eval, compile.",
          "Write the code out, so that it can be read."),
    _rule(
        "decoded_code",
        _BLOCK,
        "A file that decodes or unpacks something and also runs code that it makes.",
        "Write the code out, so that it can be read.",
    ),
    _rule("long_line", _LOOK, "A line of code too long to be read at a glance.",
          "Break the line."),
    _rule("longest_line", _BLOCK, "A line too long to be read at all.", "Break the line."),
    _rule(
        "invisible",
        _BLOCK,
        "Characters that cannot be seen or turn the text around them: bidirectional marks, "
        "characters without width, control characters.",
        "Take them out.",
    ),
    _rule("blanks", _LOOK, "Blanks in which something could be hidden: many at the ends of lines, "
          "or other ones than space and tab.", "Take them out; an editor does it."),
    _rule(
        "lookalike",
        _BLOCK,
        "A word with letters that look like others, or that Python reads as others.",
        "Type the word in plain letters.",
    ),
    _rule("mixed_script", _LOOK, "A word that mixes Latin and Greek letters.",
          "Type it in one alphabet."),
    _rule(
        "notebook_outputs",
        _BLOCK,
        "A notebook with outputs, or with the numbers of cells that were run.",
        "Let the outputs be taken out, or clear them in the notebook's menu.",
    ),
    _rule("notebook_attachments", _BLOCK, "A notebook with files attached to its cells.",
          "Let them be taken out, or delete them."),
    _rule(
        "notebook_metadata",
        _BLOCK,
        "A notebook with state of widgets, marks of trust or other metadata than its kernel and "
        "its cells' tags.",
        "Let it be taken out.",
    ),
    _rule(
        "active_markup",
        _BLOCK,
        "Text or a cell that brings script, frames, forms or styles into its reader's page.",
        "Write it as plain Markdown, or draw it with a library.",
    ),
    _rule("rich_display", _LOOK, "Code that shows HTML or JavaScript of its own.",
          "Show tables and figures by the libraries that draw them."),
    _rule("yaml_objects", _BLOCK, "YAML that makes objects of a program, or repeats itself by "
          "reference.", "Write plain values."),
)  # fmt: skip

RULES: Mapping[str, IngressRule] = MappingProxyType({rule.name: rule for rule in _EVERY})
"""Every rule by its name, in the order in which the documentation lists them."""


def found(rule: str, message: str, *, line: int | None = None, cell: int | None = None) -> Finding:
    """Make a finding of a rule of the table."""
    known = RULES[rule]
    return Finding(
        rule=rule,
        severity=known.severity,
        message=message,
        remedy=known.remedy,
        line=line,
        cell=cell,
    )


def blocks(findings: Iterable[Finding]) -> bool:
    """Whether anything was found that may never come in."""
    return any(finding.severity is Severity.BLOCK for finding in findings)


def shortened(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Keep the first findings of every rule, in the rules' order; the last kept counts the rest."""
    by_rule: dict[str, list[Finding]] = {rule: [] for rule in RULES}
    for finding in findings:
        by_rule[finding.rule].append(finding)
    kept: list[Finding] = []
    for several in by_rule.values():
        shown, rest = several[:MOST_SHOWN], several[MOST_SHOWN:]
        if rest:
            shown[-1] = replace(shown[-1], more=len(rest))
        kept += shown
    return tuple(sorted(kept, key=_worst_first))


def _worst_first(finding: Finding) -> tuple[bool, int, int]:
    return (finding.severity is not Severity.BLOCK, finding.cell or 0, finding.line or 0)
