"""The forms of a page as a browser would send them: every field as it stands."""

import re
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser

_FORM = re.compile(r'<form method="post" action="([^"]+)"[^>]*>(.*?)</form>', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Page:
    """What a browser shows. status: of the answer; text: its HTML."""

    status: int
    text: str

    def form(self, action: str) -> dict[str, str] | None:
        """The fields of the form that is sent there; None where the page has no such button."""
        for sent_to, inside in _FORM.findall(self.text):
            if unescape(sent_to) == action:
                reader = _Fields()
                reader.feed(inside)
                return reader.filled()
        return None

    def matches(self, pattern: str) -> list[str]:
        """Everything on the page that fits, once each, in the order in which it stands."""
        return list(dict.fromkeys(re.findall(pattern, self.text)))


@dataclass
class _Choice:
    """A choice that must be made: what is chosen, and what could be."""

    chosen: str | None = None
    offered: list[str] = field(default_factory=list)


class _Fields(HTMLParser):
    """Reads what stands in a form's fields; of a choice that nobody made, the first is taken."""

    def __init__(self) -> None:
        super().__init__()
        self._values: dict[str, str] = {}
        self._choices: dict[str, _Choice] = {}
        self._inside = ""

    def filled(self) -> dict[str, str]:
        """Every field by its name."""
        made = {
            name: one.chosen or next((each for each in one.offered if each), "")
            for name, one in self._choices.items()
        }
        return self._values | made

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take note of one field."""
        told = {name: value or "" for name, value in attrs}
        name = told.get("name", "")
        if tag in {"select", "textarea"}:
            self._inside = name
            if tag == "select":
                self._choices[name] = _Choice()
        elif tag == "option" and self._inside in self._choices:
            self._offer(self._inside, told.get("value"), chosen="selected" in told)
        elif tag == "input" and told.get("type") == "radio":
            self._choices.setdefault(name, _Choice())
            self._offer(name, told.get("value"), chosen="checked" in told)
        elif tag == "input" and name and told.get("type") not in {"checkbox", "file"}:
            self._values[name] = told.get("value", "")

    def handle_data(self, data: str) -> None:
        """Take what stands in a text field, and options that have no value but their text."""
        if self._inside and self._inside not in self._choices:
            self._values[self._inside] = data

    def handle_endtag(self, tag: str) -> None:
        """Leave a field that has an end."""
        if tag in {"select", "textarea"}:
            self._inside = ""

    def _offer(self, name: str, value: str | None, *, chosen: bool) -> None:
        choice = self._choices[name]
        if value is not None:
            choice.offered.append(value)
            choice.chosen = value if chosen else choice.chosen
