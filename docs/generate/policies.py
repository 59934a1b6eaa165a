"""The disclosure policies that ship with output_checks, every number with its source."""

from docs.generate.markdown import opening, table
from output_checks.policy import SETTINGS, Policy, policies

INTRODUCTION = """
A project's policy is the strictest of those of its datasets, field by field. Every verdict names
the policy and its hash. A policy of your own is a file of the same form:
`output-checks table … --policy FILE`.
"""


def page() -> str:
    """Draw all policies side by side, then each with its sources."""
    named = [Policy.named(name) for name in policies()]
    rows = [
        (f"`{name}`", setting.meaning, *(shown_value(getattr(one, name)) for one in named))
        for name, setting in SETTINGS.items()
    ]
    text = opening("Disclosure policies", "output_checks/policies", INTRODUCTION)
    text += table(("field", "about", *(f"`{one.name}`" for one in named)), rows)
    return text + "".join(_sources(one) for one in named)


def _sources(policy: Policy) -> str:
    rows = [
        (f"`{name}`", shown_value(getattr(policy, name)), policy.sources[name]) for name in SETTINGS
    ]
    title = f"\n## `{policy.name}`: {policy.title}\n\nVersion {policy.version}"
    return f"{title}, hash `{policy.hash[:16]}…`.\n\n" + table(("field", "value", "source"), rows)


def shown_value(value: object) -> str:
    """Write a policy's value: numbers without needless decimals, no limit as "never"."""
    if isinstance(value, float):
        return "never" if value == float("inf") else f"{value:g}"
    return str(value)
