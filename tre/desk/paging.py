"""A long list, fifty rows at a time: the same pages on a page, in an address and in the API."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Generic, TypeVar
from urllib.parse import urlencode

from fastapi import Query, Request
from starlette.responses import Response

from tre.decision import UnusableRequestError

T = TypeVar("T")

A_PAGE = 50
"""How many rows are shown at once."""

PAGE = "page"
"""What a page is called in an address."""

PageNumber = Annotated[int, Query(ge=1, le=10**6, description=f"{A_PAGE} a page, from 1")]
"""The page that a caller of the API asks for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paged(Generic[T]):
    """One page of a list. number, pages: from 1. total: rows on all pages. before: on earlier ones.

    address: what else stands in the address, for links to other pages.
    """

    rows: Sequence[T]
    number: int
    pages: int
    total: int
    address: str = ""

    @property
    def before(self) -> int:
        """How many rows stand on earlier pages."""
        return (self.number - 1) * A_PAGE

    def link(self, number: int) -> str:
        """The query of another page: the first one needs no number."""
        more = urlencode({PAGE: number}) if number > 1 else ""
        return "&".join(part for part in (self.address, more) if part)

    @property
    def around(self) -> tuple[int | None, ...]:
        """The pages to offer links to: the first, the last, and those near; None for a gap."""
        last = self.pages
        near = {1, last, *range(self.number - 1, self.number + 2)}
        offered = sorted(each for each in near if 1 <= each <= last)
        found: list[int | None] = []
        for each in offered:
            if found and each - (found[-1] or 0) > 1:
                found.append(None)
            found.append(each)
        return tuple(found)


def paged(rows: Sequence[T], number: int, *, address: str = "") -> Paged[T]:
    """Cut one page out of a list. Raises UnusableRequestError where there are not so many."""
    pages = max(1, -(-len(rows) // A_PAGE))
    if not 1 <= number <= pages:
        raise UnusableRequestError(f"there is no page {number:,}; the last one is {pages:,}")
    cut = rows[(number - 1) * A_PAGE : number * A_PAGE]
    return Paged(rows=cut, number=number, pages=pages, total=len(rows), address=address)


def page_asked(request: Request) -> int:
    """The page that an address asks for. Raises UnusableRequestError for what is no number."""
    typed = [text for text in request.query_params.getlist(PAGE) if text]
    if not typed:
        return 1
    text = typed[0]
    if len(typed) > 1 or not (text.isascii() and text.isdigit() and len(text) < 8):
        raise UnusableRequestError(f"a page is one number from 1, not {', '.join(typed)[:40]!r}")
    return int(text)


def but_the_page(typed: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """What else stands in an address."""
    return [(name, text) for name, text in typed if name != PAGE]


def page_for_program(
    rows: Sequence[T], number: int, request: Request, response: Response
) -> tuple[T, ...]:
    """One page of a list for a program, which is told how many rows there are and where more are.

    By the headers X-Total-Count and Link (RFC 8288), so that a list stays a list.
    """
    cut = paged(rows, number)
    response.headers["X-Total-Count"] = str(cut.total)
    beside = {"prev": number - 1, "next": number + 1}
    ways = [(way, other) for way, other in beside.items() if 1 <= other <= cut.pages]
    if ways:
        response.headers["Link"] = ", ".join(link(request, way, page=other) for way, other in ways)
    return tuple(cut.rows)


def link(request: Request, way: str, **changed: int) -> str:
    """Write a link to the same list with one field of the address changed, as in RFC 8288."""
    kept = [(n, text) for n, text in request.query_params.multi_items() if n not in changed]
    return f'<{request.url.path}?{urlencode([*kept, *changed.items()])}>; rel="{way}"'
