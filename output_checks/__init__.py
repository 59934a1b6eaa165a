"""Statistical disclosure control for outputs of sensitive data, on polars.

>>> import polars as pl
>>> from output_checks import Data
>>> people = pl.DataFrame({"id": range(24), "sex": ["F", "M"] * 12})
>>> Data.read(people, unit="id").table("sex").report().verdict
<Verdict.PASS: 'pass'>
"""

from output_checks.book import Entry, ReleaseBook
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
from output_checks.example import example_people
from output_checks.finding import Finding, Report
from output_checks.linked import (
    LinkedFinding,
    LinkedReport,
    Term,
    check_together,
    protect_together,
)
from output_checks.policy import Policy, policies
from output_checks.private_tables import (
    private_histogram,
    private_mean,
    private_quantiles,
    private_sum,
)
from output_checks.protect.accounting import PrivacyBudget, Spend
from output_checks.protect.coarsen import suggest_merges
from output_checks.protect.ptable import PTable
from output_checks.protect.suggestions import Suggestion, Suggestions
from output_checks.protect.utility import Compared, Comparison, Utility, compare, utility
from output_checks.readers import check_file
from output_checks.readers.intervals import intervals
from output_checks.table import Table
from output_checks.words import Provenance, Verdict

__all__ = [
    "BudgetSpentError",
    "Compared",
    "Comparison",
    "Data",
    "Declaration",
    "DeclarationError",
    "EmptyTableError",
    "Entry",
    "Finding",
    "LinkedFinding",
    "LinkedReport",
    "OutputCheckError",
    "PTable",
    "Policy",
    "PolicyError",
    "PrivacyBudget",
    "ProtectionError",
    "Provenance",
    "ReleaseBook",
    "Report",
    "Spend",
    "Suggestion",
    "Suggestions",
    "Table",
    "Term",
    "UnknownColumnError",
    "UnreadableDataError",
    "UnusableTableError",
    "Utility",
    "Verdict",
    "check_file",
    "check_together",
    "compare",
    "example_people",
    "intervals",
    "policies",
    "private_count",
    "private_histogram",
    "private_mean",
    "private_quantiles",
    "private_sum",
    "protect_together",
    "rebuild",
    "suggest_merges",
    "utility",
]
