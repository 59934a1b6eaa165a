"""The scan: everything that is found in files that somebody wants to bring in.

Pure: bytes in, findings out. Nothing is run, imported, unpacked or followed. It proves nothing:
it points a person, who decides, at what is worth a look, and keeps out what never may come in.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tre.safe_settings.ingress.disguise import (
    check_all,
    check_encoded,
    check_rows,
    check_values,
)
from tre.safe_settings.ingress.doings import (
    check_decoded,
    check_doings,
    check_markup,
    check_yaml,
)
from tre.safe_settings.ingress.hiding import (
    check_blanks,
    check_hidden,
    check_lines,
    check_lookalikes,
)
from tre.safe_settings.ingress.kinds import KINDS, check_kind, ending_of, text_of
from tre.safe_settings.ingress.limits import MOST_CELLS_BYTES, MOST_LINES
from tre.safe_settings.ingress.names import check_name, repeated
from tre.safe_settings.ingress.notebook import NotANotebookError, Removed, stripped
from tre.safe_settings.ingress.passage import Passage
from tre.safe_settings.ingress.people import check_people, check_secrets
from tre.safe_settings.ingress.rules import Finding, blocks, found, shortened

_PASSAGE_CHECKS = (
    check_values,
    check_rows,
    check_encoded,
    check_people,
    check_secrets,
    check_doings,
    check_markup,
    check_hidden,
    check_blanks,
    check_lookalikes,
    check_lines,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A file as somebody sent it."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """A file as it would come in, with what was found in it.

    content: a notebook's is written anew, without its outputs, so that nothing comes in that is
    not shown. removed: what was taken out, in words.
    """

    name: str
    content: bytes
    findings: tuple[Finding, ...]
    removed: tuple[str, ...] = ()

    @property
    def blocked(self) -> bool:
        """Whether it may never come in."""
        return blocks(self.findings)


def scan(files: Iterable[Offered], *, strip: bool = True) -> tuple[Scanned, ...]:
    """Scan files together; strip: take outputs and the like out of notebooks, or block them."""
    listed = tuple(files)
    twice = repeated([file.name for file in listed])
    return tuple(_scan_one(file, strip=strip, is_repeated=file.name in twice) for file in listed)


def passages_of(name: str, content: bytes) -> tuple[Passage, ...]:
    """Cut a file into what is searched and shown: its cells, or the whole; empty if unreadable."""
    text = text_of(content)
    if text is None:
        return ()
    ending = ending_of(name)
    if ending == ".ipynb":
        try:
            return stripped(text).passages
        except NotANotebookError:
            pass
    kind = KINDS.get(ending)
    return (Passage(text=text, is_code=kind is None or kind.is_code),)


def _scan_one(file: Offered, *, strip: bool, is_repeated: bool) -> Scanned:
    findings = [*check_name(file.name), *check_kind(file.name, file.content)]
    if is_repeated:
        findings.append(found("same_name", "another file of the request has this name"))
    content, removed = file.content, ()
    if ending_of(file.name) == ".ipynb" and not blocks(findings):
        content, removed, more = _of_notebook(file.content, strip=strip)
        findings += more
    if _is_searched(findings):
        findings += _inside(file.name, content)
    return Scanned(name=file.name, content=content, findings=shortened(findings), removed=removed)


def _is_searched(findings: list[Finding]) -> bool:
    """Whether there is text of a bearable size; what is no text is blocked as it is."""
    return not {finding.rule for finding in findings} & {
        *("archive", "compiled", "data_file", "size", "content"),
    }


def _of_notebook(content: bytes, *, strip: bool) -> tuple[bytes, tuple[str, ...], list[Finding]]:
    try:
        clean = stripped(text_of(content) or "")
    except NotANotebookError as error:
        return content, (), [found("content", f"it is no notebook: {error}")]
    if len(clean.content) > MOST_CELLS_BYTES:
        message = f"its cells alone have more than {MOST_CELLS_BYTES // 1024} KiB"
        return content, (), [found("size", message)]
    if not strip:
        return clean.content, (), [found(r.rule, r.what, cell=r.cell) for r in clean.removed]
    return clean.content, _in_words(clean.removed), []


def _in_words(removed: tuple[Removed, ...]) -> tuple[str, ...]:
    cells: dict[str, list[int]] = {}
    for each in removed:
        cells.setdefault(each.what, []).extend([each.cell] if each.cell else [])
    return tuple(
        f"{what} of {len(numbers)} cells" if len(numbers) > 1
        else f"{what} of cell {numbers[0]}" if numbers else what
        for what, numbers in cells.items()
    )  # fmt: skip


def _inside(name: str, content: bytes) -> Iterator[Finding]:
    passages = passages_of(name, content)
    lines = sum(passage.text.count("\n") + 1 for passage in passages)
    if lines > MOST_LINES:
        yield found("size", f"it has {lines:,} lines; a person is asked to read {MOST_LINES:,}")
        return
    for passage in passages:
        for check in _PASSAGE_CHECKS:
            yield from check(passage)
        if ending_of(name) in {".yaml", ".yml"}:
            yield from check_yaml(passage)
    yield from check_decoded(passages)
    yield from check_all(passages)
