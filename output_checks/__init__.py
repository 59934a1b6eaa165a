"""Statistical disclosure control for outputs of sensitive data, on polars.

>>> import polars as pl
>>> from output_checks import Data
>>> people = pl.DataFrame({"id": range(24), "sex": ["F", "M"] * 12})
>>> Data.read(people, unit="id").table("sex").report().verdict
<Verdict.PASS: 'pass'>
"""

from output_checks.data import Data, private_count, rebuild
from output_checks.declaration import Declaration
from output_checks.errors import (
    BudgetSpentError,
    DeclarationError,
    EmptyTableError,
    OutputCheckError,
    PolicyError,
    ProtectionError,
    UnknownColumnError,
    UnreadableDataError,
    UnusableTableError,
)
from output_checks.finding import Finding, Report
from output_checks.policy import Policy, policies
from output_checks.readers import check_file
from output_checks.table import Table
from output_checks.words import Provenance, Verdict

__all__ = [
    "BudgetSpentError",
    "Data",
    "Declaration",
    "DeclarationError",
    "EmptyTableError",
    "Finding",
    "OutputCheckError",
    "Policy",
    "PolicyError",
    "ProtectionError",
    "Provenance",
    "Report",
    "Table",
    "UnknownColumnError",
    "UnreadableDataError",
    "UnusableTableError",
    "Verdict",
    "check_file",
    "policies",
    "private_count",
    "rebuild",
]
