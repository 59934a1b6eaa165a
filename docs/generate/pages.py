"""Which page is written by what: its path, and the function that says its text."""

from collections.abc import Callable
from functools import partial

from docs.generate import (
    api,
    attacks,
    catalogue,
    commands,
    dependencies,
    effects,
    environment,
    examples,
    ingress,
    people,
    permissions,
    policies,
    project_states,
    rules,
    satre,
    separation,
    settings,
    states,
    studies,
)

PAGES: dict[str, Callable[[], str]] = {
    "docs/reference/permissions.md": permissions.page,
    "docs/reference/states.md": states.page,
    "docs/reference/people.md": people.page,
    "docs/reference/project-states.md": project_states.page,
    "docs/reference/studies.md": studies.page,
    "docs/reference/ingress.md": ingress.page,
    "docs/reference/policies.md": policies.page,
    "docs/reference/rules.md": rules.page,
    "docs/reference/catalogue.md": catalogue.page,
    "docs/reference/effects.md": effects.page,
    "docs/reference/commands.md": commands.page,
    "docs/reference/output-checks.md": api.page,
    "docs/reference/settings.md": settings.page,
    "docs/reference/attacks.md": attacks.page,
    "docs/reference/satre.md": satre.page,
    "docs/reference/separation.md": separation.page,
    "docs/images/identifiers-npd.svg": separation.picture,
    "docs/images/identifiers-hes.svg": separation.picture_of_hospitals,
    "docs/dependencies.md": dependencies.page,
    "environment.yml": environment.page,
    **{name: partial(examples.page, name) for name in examples.pages()},
}
