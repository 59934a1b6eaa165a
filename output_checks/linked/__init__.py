"""Outputs together: what several tables reveal that none of them reveals alone."""

from output_checks.linked.check import Tables, check_together
from output_checks.linked.protecting import protect_together
from output_checks.linked.report import LinkedFinding, LinkedReport, Term

__all__ = ["LinkedFinding", "LinkedReport", "Tables", "Term", "check_together", "protect_together"]
