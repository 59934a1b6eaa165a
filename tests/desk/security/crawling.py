"""Reads the desk's pages as a browser would: elements, attributes, links and forms."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from tests.desk.security.visiting import Desk

ADDRESSES = frozenset(
    {"href", "src", "action", "formaction", "data", "srcset", "poster", "xlink:href"}
)
ASIDE = ("/sign-out", "/static/", "/api/openapi.json")
TYPED = frozenset({"text", "search", "email", "url", "tel", "password", "textarea"})
"""The kinds of fields into which somebody can write what they like."""


@dataclass
class Form:
    """A form: where it goes, and its fields with the values that they have at first."""

    action: str
    method: str = "get"
    fields: dict[str, str] = field(default_factory=dict)
    typed: set[str] = field(default_factory=set)
    files: set[str] = field(default_factory=set)


class Page(HTMLParser):
    """The elements of a page, and its forms."""

    def __init__(self, text: str, path: str):
        super().__init__()
        self.path = path
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.forms: list[Form] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep an element, and read what belongs to a form."""
        told = {name: value or "" for name, value in attrs}
        self.elements.append((tag, told))
        if tag == "form":
            action = told.get("action") or self.path
            self.forms.append(Form(urljoin(self.path, action), told.get("method", "get").lower()))
        elif self.forms and told.get("name"):
            self._field(tag, told)
        elif tag == "option" and self.forms and self.forms[-1].fields:
            name = list(self.forms[-1].fields)[-1]
            if self.forms[-1].fields[name] == "" or "selected" in told:
                self.forms[-1].fields[name] = told.get("value", "")

    def _field(self, tag: str, told: dict[str, str]) -> None:
        form, name = self.forms[-1], told["name"]
        kind = "textarea" if tag == "textarea" else told.get("type", "text")
        if kind == "file":
            form.files.add(name)
        elif tag == "input" and kind in {"radio", "checkbox"}:
            form.fields.setdefault(name, told.get("value", "on"))
        elif tag in {"input", "textarea", "select", "button"}:
            form.fields[name] = told.get("value", "")
            if tag in {"input", "textarea"} and kind in TYPED:
                form.typed.add(name)

    def links(self) -> Iterator[str]:
        """Where one can go from here, within the desk."""
        for tag, told in self.elements:
            to = urljoin(self.path, told.get("href", "")) if tag == "a" else ""
            if to.startswith("/") and not to.startswith(ASIDE):
                yield to.split("#")[0]


@lru_cache(maxsize=8)
def read(text: str, path: str) -> Page:
    """A page, not read again by whoever looks at the same one after `walk` did."""
    return Page(text, path)


OF_A_KIND = 3
"""Pages of one sort that are looked at: requests, people, searches of the ledger."""


def walk(desk: Desk, visitor: str) -> Iterator[tuple[str, str]]:
    """Follow links from the first page on; (path, text) of each page that was reached."""
    waiting, seen = ["/", "/me", "/ledger"], set()
    kinds: Counter[str] = Counter()
    while waiting:
        path = waiting.pop(0)
        kind = re.sub(r"/people/.*|/projects/.*|\?.*|\d+", "…", path)
        if path in seen or kinds[kind] >= OF_A_KIND:
            continue
        kinds[kind] += 1
        seen.add(path)
        answer = desk.ask("GET", path, visitor)
        if "text/html" not in answer.headers.get("content-type", ""):
            continue
        yield path, answer.text
        waiting += [each for each in read(answer.text, path).links() if each not in seen]


def planted_in(text: str, path: str, mark: str) -> list[str]:
    """What of a page came to life of what somebody typed: nothing, if all is well."""
    problems = []
    for tag, told in read(text, path).elements:
        if tag == "script" and not told.get("src", "").startswith("/static/"):
            problems.append(f"<script {told}>")
        problems += [f"<{tag} {name}={told[name]!r}>" for name in told if name.startswith("on")]
        problems += [f"<{tag} {name}>" for name in told if mark in name or name == "style"]
        if mark in tag:
            problems.append(f"<{tag}>")
        for name in ADDRESSES & set(told):
            if urlsplit(told[name]).scheme not in {"", "http", "https"} and tag != "img":
                problems.append(f"<{tag} {name}={told[name]!r}>")
        if tag in {"iframe", "object", "embed", "base", "meta", "link"} and mark in str(told):
            problems.append(f"<{tag} {told}>")
    return problems
