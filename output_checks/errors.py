"""What can go wrong, as one small tree; every message says what would be right.

OutputCheckError
├── UnknownColumnError      a column, category or derived name that the data do not have
├── EmptyTableError         nothing is left to make a table of
├── UnusableTableError      a question that no table can answer as it was asked
├── DeclarationError        a declaration or an expression that is not understood
├── PolicyError             a policy that is unknown or not understood
├── ProtectionError         a protection that is unknown or cannot protect this table
├── UnreadableDataError     data or a file that cannot be read as what they should be
└── BudgetSpentError        the privacy budget does not allow this any more
"""

from collections.abc import Iterable
from difflib import get_close_matches


class OutputCheckError(Exception):
    """Something was asked that cannot be carried out; nothing was checked or protected."""


class UnknownColumnError(OutputCheckError):
    """A name that the data do not have."""


class EmptyTableError(OutputCheckError):
    """No row is left, so that there is nothing to check."""


class UnusableTableError(OutputCheckError):
    """The table cannot be made as it was asked for."""


class DeclarationError(OutputCheckError):
    """A declaration or one of its expressions is not understood."""


class PolicyError(OutputCheckError):
    """A policy is unknown, or its file says something that is not understood."""


class ProtectionError(OutputCheckError):
    """A protection is unknown, misused, or cannot make this table safe."""


class UnreadableDataError(OutputCheckError):
    """Data that cannot be read, or that hold values no check can judge."""


class BudgetSpentError(OutputCheckError):
    """The privacy budget is spent; raised before anything is computed."""


def unknown(kind: str, name: object, known: Iterable[object]) -> str:
    """Say that `name` is unknown, what is known, and what was probably meant."""
    names = [str(one) for one in known]
    near = get_close_matches(str(name), names, n=1, cutoff=0.6)
    listed = ", ".join(names[:30]) + (", …" if len(names) > 30 else "")
    meant = f' Did you mean "{near[0]}"?' if near else ""
    return f'unknown {kind} "{name}".{meant} Known: {listed or "none"}.'
