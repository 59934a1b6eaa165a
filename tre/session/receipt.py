"""What a notebook shows after a request: its number, the automatic verdict, what comes next."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any, Self

VERDICTS = {
    "pass": ("pass", "no rule found anything"),
    "review": ("review", "a person must look at something"),
    "fail": ("fail", "something in it is disclosive"),
}
_NEXT = {
    "pass": (
        "Two output checkers look at it independently. You are told at the desk what they "
        "decide, usually within 5 working days; nothing leaves before both approve."
    ),
    "review": (
        "Two output checkers look at it independently, and at the points above in particular. "
        "An answer usually takes 5 working days; nothing leaves before both approve."
    ),
    "fail": (
        "Two output checkers will see the same findings and will most likely return it with a "
        "comment. Then replace the table at the desk by a protected one and submit it again, or "
        "withdraw the request."
    ),
}
_UNCHECKED = "Two output checkers look at it independently; nothing leaves before both approve."


@dataclass(frozen=True, slots=True, kw_only=True)
class FileOutcome:
    """What the automatic check said about one file.

    provenance: recomputed (the service built it again and it agreed), asserted (your word).
    findings: (severity, message, remedy) each.
    """

    name: str
    kind: str
    verdict: str
    provenance: str
    findings: tuple[tuple[str, str, str], ...]

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Self:
        """Read one file of the service's reply."""
        found = told.get("findings") or ()
        return cls(
            name=str(told.get("name", "")),
            kind=str(told.get("kind", "")),
            verdict=str(told.get("verdict") or ""),
            provenance=str(told.get("provenance") or ""),
            findings=tuple(
                (str(f.get("severity", "")), str(f.get("message", "")), str(f.get("remedy") or ""))
                for f in found
            ),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """A release request that the service has accepted.

    request: its number over all projects. verdict: the worst of its files.
    desk: the address of the request at the desk. notes: remarks that help it through review.
    """

    request: int
    title: str
    state: str
    verdict: str
    files: tuple[FileOutcome, ...]
    desk: str
    notes: tuple[str, ...] = ()

    @classmethod
    def of(cls, reply: Mapping[str, Any], *, title: str, notes: tuple[str, ...]) -> Self:
        """Read the service's reply to a request for release."""
        return cls(
            request=int(reply["request"]),
            title=title,
            state=str(reply.get("state", "submitted")),
            verdict=str(reply.get("verdict") or ""),
            files=tuple(FileOutcome.of(file) for file in reply.get("files") or ()),
            desk=str(reply.get("desk") or ""),
            notes=notes,
        )

    @classmethod
    def of_a_rerun(cls, title: str) -> Self:
        """Stand in where a notebook is run again by the service: nothing is asked a second time."""
        return cls(request=0, title=title, state="not asked again", verdict="", files=(), desk="")

    @property
    def next(self) -> str:
        """What happens now, in a sentence or two."""
        if not self.request:
            return "This notebook was run again by the service, which asks for nothing again."
        return _NEXT.get(self.verdict, _UNCHECKED)

    def __repr__(self) -> str:
        if not self.request:
            return f"Not asked again: {self.title}. {self.next}"
        lines = [f"Request {self.request}: {self.title} ({self.state})", _in_words(self.verdict)]
        for file in self.files:
            lines.append(f"  {file.name}  {file.verdict}  {_of_file(file)}")
            lines += [f"    - {message}" for _, message, _ in file.findings]
        lines += [f"Note: {note}" for note in self.notes]
        lines += [f"Next: {self.next}", f"At the desk: {self.desk}"]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        if not self.request:
            return f"<p>{escape(repr(self))}</p>"
        files = "".join(_file_html(file) for file in self.files)
        notes = "".join(f"<p class='note'>{escape(note)}</p>" for note in self.notes)
        return (
            f"<div class='tre-receipt'><style>{_STYLE}</style>"
            f"<p class='head'><b>Request {self.request}</b> {escape(self.title)} "
            f"<span class='state'>{escape(self.state)}</span></p>"
            f"<p>{_badge(self.verdict)} {escape(_in_words(self.verdict))}</p>"
            f"<ul>{files}</ul>{notes}"
            f"<p><b>What happens next.</b> {escape(self.next)}</p>"
            f"<p class='desk'>Follow it at the desk, in another tab: "
            f"<code>{escape(self.desk)}</code></p></div>"
        )


def _in_words(verdict: str) -> str:
    name, meaning = VERDICTS.get(verdict, ("not checked yet", "the checks are still to come"))
    return f"The automatic check says {name}: {meaning}."


def _of_file(file: FileOutcome) -> str:
    if not file.verdict:
        return f"{file.kind}: read by the checkers, never released"
    return _PROVENANCE.get(file.provenance, file.provenance)


_PROVENANCE = {
    "recomputed": "recomputed: the service built it again from the extract, and it is the same",
    "reproduced": "reproduced: the service ran the notebook again, and it gave the same file",
    "asserted": "asserted: only your word, so people look at it with more care",
}


def _badge(verdict: str) -> str:
    shown = verdict if verdict in VERDICTS else "unchecked"
    return f"<span class='badge {shown}'>{shown}</span>"


def _file_html(file: FileOutcome) -> str:
    badge = _badge(file.verdict) if file.verdict else ""
    findings = "".join(
        f"<li>{escape(message)}{f' <i>{escape(remedy)}</i>' if remedy else ''}</li>"
        for _, message, remedy in file.findings
    )
    inner = f"<ul>{findings}</ul>" if findings else ""
    return f"<li><code>{escape(file.name)}</code> {badge} {escape(_of_file(file))}{inner}</li>"


_STYLE = """
.tre-receipt{border:1px solid var(--jp-border-color2,#bbb);border-left:4px solid #3b6ea5;
border-radius:4px;padding:.6em 1em;max-width:52em;line-height:1.45}
.tre-receipt p{margin:.35em 0}.tre-receipt ul{margin:.2em 0 .4em 1.2em;padding:0}
.tre-receipt .head{font-size:1.1em}
.tre-receipt .state,.tre-receipt .desk,.tre-receipt .note{color:var(--jp-ui-font-color2,#555)}
.tre-receipt .note::before{content:"Note: ";font-weight:600}
.tre-receipt .badge{border-radius:3px;padding:0 .45em;font-weight:600;color:#fff;background:#666}
.tre-receipt .pass{background:#1b6e3c}.tre-receipt .review{background:#8a5a00}
.tre-receipt .fail{background:#a3202a}
"""
