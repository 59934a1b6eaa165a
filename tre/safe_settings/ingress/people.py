"""Traces of people, and of secrets, in what is brought in."""

import re
from collections.abc import Iterator

from output_checks.readers.identifiers import KINDS
from tre.safe_settings.ingress.passage import Passage
from tre.safe_settings.ingress.rules import Finding, found

_CONTACTS = frozenset({"postcode", "e-mail address"})

SECRETS: tuple[tuple[str, str, re.Pattern[str]], ...] = tuple(
    (rule, what, re.compile(pattern))
    for rule, what, pattern in (
        ("secret", "a private key", r"-----BEGIN (?:[A-Z]{2,10} ){0,2}PRIVATE KEY"),
        ("secret", "a key of AWS", r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
        ("secret", "a token of GitHub", r"\bgh[opsur]_[A-Za-z0-9]{30,255}|\bgithub_pat_\w{22,}"),
        ("secret", "a token of GitLab", r"\bglpat-[\w-]{20,}"),
        ("secret", "a token of Slack", r"\bxox[abposr]-[\w-]{10,}"),
        ("secret", "a key of Google", r"\bAIza[\w-]{35}\b"),
        ("secret", "a key of Stripe or OpenAI", r"\bsk[-_](?:live_|proj-)?[A-Za-z0-9]{20,}"),
        ("secret", "a signed web token", r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}"),
        (
            "secret",
            "a token in a header",
            r"(?i)\bauthorization\b.{0,20}\b(?:bearer|basic) [\w+/=.-]{16,}",
        ),
        (
            "password",
            "a password, key or token",
            r"(?i)(?:passw(?:or)?d|secret|api_?key|token)\w{0,20}[\"']?\s{0,4}[:=]\s{0,4}"
            r"[\"'][^\"'\s]{6,200}[\"']",
        ),
        (
            "password",
            "a password in an address",
            r"\b[a-z][a-z0-9+]{1,15}://[^\s/:@]{1,64}:[^\s/@]{1,64}@",
        ),
    )
)  # fmt: skip
"""What secrets look like: the rule, what it is, its form. No form repeats without an end."""


def check_people(passage: Passage) -> Iterator[Finding]:
    """Find what identifies people; the message never repeats it."""
    for number, line in passage.lines():
        for kind, (pattern, holds) in KINDS.items():
            rule = "contact" if kind in _CONTACTS else "identifier"
            count = sum(1 for match in pattern.finditer(line) if holds(match.group()))
            if count:
                several = f"{count} times " if count > 1 else ""
                yield found(rule, f"{several}{_a(kind)}", line=number, cell=passage.cell)


def check_secrets(passage: Passage) -> Iterator[Finding]:
    """Find keys, tokens and passwords; the message never repeats them."""
    for number, line in passage.lines():
        for rule, what, pattern in SECRETS:
            if pattern.search(line):
                yield found(rule, what, line=number, cell=passage.cell)


def _a(kind: str) -> str:
    return f"an {kind}" if kind[0] in "NEe" else f"a {kind}"
