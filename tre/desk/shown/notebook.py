"""A notebook as a checker sees it: nbconvert's page with everything that could run taken out."""

import json
from collections.abc import Iterator
from hashlib import sha256
from html import escape

import nbformat
import nh3
from nbconvert import HTMLExporter
from nbformat import v4
from nbformat.validator import NotebookValidationError

_TAGS = """
    a b blockquote br caption code col colgroup dd del details div dl dt em figcaption figure
    h1 h2 h3 h4 h5 h6 hr i img ins kbd li main mark ol p pre q s samp section small span strong
    sub summary sup table tbody td tfoot th thead tr u ul var
"""
TAGS = frozenset(_TAGS.split())
"""Elements that show something and do nothing: no script, form, frame, link, style or svg."""

ATTRIBUTES = {
    "*": {"class", "title"},
    "img": {"alt", "src", "height", "width"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "ol": {"start"},
}
"""Nothing that acts: no href, style, id, on…, and no data-… (CVE-2026-42557 was one of those)."""

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<link rel="stylesheet" href="{stylesheet}"></head>
<body class="stranger"><main>{body}</main></body></html>
"""


class UnreadableNotebookError(Exception):
    """The file says that it is a notebook, and is none."""


def notebook_page(content: bytes, *, title: str, stylesheet: str) -> str:
    """Draw a notebook as one inert page.

    stylesheet: its full address, since the page is served in a sandbox without an origin.
    Raises UnreadableNotebookError where nbformat cannot read it.
    """
    exporter = HTMLExporter(template_name="basic", anchor_link_text="")
    body, _ = exporter.from_notebook_node(_read(content))
    return _PAGE.format(title=escape(title), stylesheet=escape(stylesheet), body=inert(body))


def inert(html: str) -> str:
    """Keep what shows something; pictures only where they are in the page itself, as raster."""
    return nh3.clean(
        html,
        tags=set(TAGS),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        url_schemes={"data"},
        attribute_filter=_only_own_pictures,
        link_rel=None,
        strip_comments=True,
    )


def notebook_lines(content: bytes) -> Iterator[str]:
    """A notebook's cells and outputs as lines of text, to be compared with another's.

    What an output is but text is named by its type and hash: its bytes are nothing to read.
    Raises UnreadableNotebookError where nbformat cannot read it.
    """
    for number, cell in enumerate(_read(content).cells, start=1):
        yield f"[{cell.cell_type} {number}]"
        yield from cell.source.splitlines()
        for output in cell.get("outputs", ()):
            yield "[output]"
            yield from _output_lines(output)


def _output_lines(output: nbformat.NotebookNode) -> Iterator[str]:
    yield from str(output.get("text", "")).splitlines()
    if output.output_type == "error":
        yield f"{output.get('ename', '')}: {output.get('evalue', '')}"
    for kind, value in sorted(output.get("data", {}).items()):
        text = value if isinstance(value, str) else json.dumps(value, sort_keys=True)
        if kind == "text/plain":
            yield from text.splitlines()
        else:
            yield f"({kind}, SHA-256 {sha256(text.encode()).hexdigest()[:16]})"


def _only_own_pictures(_: str, attribute: str, value: str) -> str | None:
    if attribute != "src":
        return value
    raster = ("data:image/png;base64,", "data:image/jpeg;base64,")
    return value if value.startswith(raster) else None


def _read(content: bytes) -> nbformat.NotebookNode:
    try:
        parsed = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise UnreadableNotebookError from error
    if not isinstance(parsed, dict) or parsed.get("nbformat") != 4:
        raise UnreadableNotebookError
    notebook = nbformat.from_dict(parsed)
    _without_ids(notebook)
    try:
        nbformat.validate(notebook)
    except NotebookValidationError as error:
        raise UnreadableNotebookError from error
    return v4.reads(json.dumps(notebook))


def _without_ids(notebook: nbformat.NotebookNode) -> None:
    """Go back to the form before 4.5: a missing or doubled cell id is nobody's concern here."""
    notebook["nbformat_minor"] = 4
    cells = notebook.get("cells")
    for cell in cells if isinstance(cells, list) else ():
        if isinstance(cell, dict):
            cell.pop("id", None)
