"""The automatic check of one output, made outside the session from the project's own extract."""

from pathlib import Path

from tre.safe_outputs.file_check import ASSERTED, FAIL, FileCheck, finding, worst

__all__ = ["FileCheck", "check_output", "worst"]


def check_output(
    content: bytes,
    name: str,
    declaration: str | None,
    extract: Path | None,
    policy: str,
    *,
    private_results: tuple[str, ...] = (),
) -> FileCheck:
    """Check one output; never raises for what is in it, however malicious.

    declaration: the output's declaration (JSON text) from the session, None without one.
    extract: the folder of the project's extract (Parquet files and manifest.json).
    policy: the project's policy; several names joined by "+" mean the strictest of them.
    private_results: SHA-256 of the results that the privacy budget's record holds.
    """
    return FileCheck(
        verdict=FAIL,
        provenance=ASSERTED,
        findings=(finding("check", FAIL, f"“{name}” has not been checked.", "Submit it again."),),
        evidence=(),
        table=(),
        proof=(),
        policy_name=policy,
        policy_hash="",
        note="",
    )
