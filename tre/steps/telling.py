"""Tell a person something: a notice at the desk, and the same by e-mail, in one transaction."""

from dataclasses import dataclass

from sqlalchemy import Connection

from tre.steps.texts import usable_line, usable_text
from tre.steps.tre import Tre
from tre.store.telling import write_mail, write_notice
from tre.vocabulary import PersonId, RequestId


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What is told.

    title, text: the environment's own sentences and names that staff recorded. Nothing that a
    researcher typed may stand in them: mail leaves the environment, and nobody reviews it.
    path: the page of the desk that it is about. here: the title at the desk, "" for the same one;
    it stays inside, so that it may be a researcher's words.
    """

    title: str
    text: str
    path: str
    here: str = ""


def tell(
    tre: Tre,
    connection: Connection,
    person: PersonId,
    news: News,
    *,
    request: RequestId | None = None,
) -> None:
    """Put a notice on somebody's desk, and have it sent by e-mail where they have an address.

    The mail is written in the same transaction and sent afterwards: see `send_mail`.
    """
    title, text = usable_line(news.title, what="title"), usable_text(news.text, what="notice")
    at = tre.now()
    here = usable_line(news.here or news.title, what="title")
    write_notice(connection, person, title=here, text=text, path=news.path, at=at, request=request)
    body = f"{text}\n\n{tre.config.desk_address}{news.path}\n\n{FOOTER}\n"
    write_mail(connection, person, subject=title, text=body, at=at)


FOOTER = (
    "The environment sent this by itself. It never asks for a password or a code by e-mail, and "
    "no result of anybody's work is in its mail."
)
