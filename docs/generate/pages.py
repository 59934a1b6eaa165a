"""Which page is written by what: its path, and the function that says its text."""

from collections.abc import Callable

from docs.generate import dependencies, environment, settings

PAGES: dict[str, Callable[[], str]] = {
    "docs/reference/settings.md": settings.page,
    "docs/dependencies.md": dependencies.page,
    "environment.yml": environment.page,
}
