"""Send the mail that waits: by SMTP, or into a mailbox folder where no server is set."""

import logging
import smtplib
import ssl
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from urllib.parse import SplitResult, unquote, urlsplit

from tre.config import Config
from tre.decision import UnusableRequestError
from tre.steps.tre import Tre
from tre.store.files import write_once
from tre.store.telling import Letter, change_mail, due_mail

SECONDS_TO_ANSWER = 20
AT_ONCE = 50
FIRST_WAIT = timedelta(minutes=5)
LONGEST_WAIT = timedelta(hours=12)
MOST_TRIES = 12
"""After so many failures a letter is given up; its row keeps why."""

_PORTS = {"smtp": 25, "smtps": 465}

log = logging.getLogger("tre.mail")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """How many letters left, and how many could not be sent this time."""

    sent: int
    failed: int


class MailFailedError(Exception):
    """A letter could not be handed over; the message says why without naming its receiver."""


def send_mail(tre: Tre) -> Sent:
    """Send what is due, each letter once; one that fails is tried again later, and ever later.

    A letter is claimed before it is sent, so that two couriers do not send it twice; where the
    machine stops in between it is sent again, under the same Message-ID.
    """
    with tre.store.writing() as change:
        letters = due_mail(change.connection, tre.now(), AT_ONCE)
        for letter in letters:
            later = tre.now() + _wait(letter.tries)
            change_mail(change.connection, letter.number, next_try_at=later)
    failed = sum(not _send(tre, letter) for letter in letters)
    return Sent(sent=len(letters) - failed, failed=failed)


def _send(tre: Tre, letter: Letter) -> bool:
    try:
        hand_over(tre.config, message_of(tre.config, letter), letter.number)
    except MailFailedError as error:
        _keep_failure(tre, letter, str(error))
        return False
    with tre.store.writing() as change:
        change_mail(
            change.connection, letter.number, sent_at=tre.now(), next_try_at=None, failure=""
        )
    return True


def _keep_failure(tre: Tre, letter: Letter, failure: str) -> None:
    log.warning("letter %d could not be sent: %s", letter.number, failure)
    tries = letter.tries + 1
    given_up = {"next_try_at": None} if tries >= MOST_TRIES else {}
    with tre.store.writing() as change:
        change_mail(change.connection, letter.number, tries=tries, failure=failure, **given_up)


def _wait(tries: int) -> timedelta:
    return min(FIRST_WAIT * 2**tries, LONGEST_WAIT)


def message_of(config: Config, letter: Letter) -> EmailMessage:
    """Write a letter as a message. Raises MailFailedError for a header that would be two lines."""
    message = EmailMessage(policy=SMTP)
    host = urlsplit(config.desk_address).hostname or "localhost"
    try:
        message["From"] = config.mail_from or f"tre@{host}"
        message["To"] = letter.address
        message["Subject"] = letter.subject
        message["Date"] = format_datetime(letter.written_at)
        message["Message-ID"] = f"<{letter.number}.{int(letter.written_at.timestamp())}@{host}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.text)
    except ValueError as error:
        failure = "its address or subject has a line end or is no address"
        raise MailFailedError(failure) from error
    return message


def hand_over(config: Config, message: EmailMessage, number: int) -> None:
    """Give a message to the server, or lay it into the mailbox folder (`mail` in the data home)."""
    try:
        if config.smtp_url:
            _by_smtp(smtp_address(config.smtp_url), message)
        else:
            folder = config.home / "mail"
            folder.mkdir(mode=0o700, exist_ok=True)
            write_once(folder / f"{number:08d}.eml", message.as_bytes(), mode=0o600)
    except (OSError, smtplib.SMTPException, UnusableRequestError) as error:
        # The class alone: a server's answer may repeat an address.
        failure = f"{type(error).__name__} while it was handed over"
        raise MailFailedError(failure) from error


def smtp_address(url: str) -> SplitResult:
    """Read smtp://host:port or smtps://user:password@host; UnusableRequestError for another."""
    parts = urlsplit(url)
    try:
        is_usable = parts.scheme in _PORTS and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_usable = False
    if not is_usable:
        message = "setting 'smtp_url' is not like smtp://host:25 or smtps://user:password@host"
        raise UnusableRequestError(message)
    return parts


def _by_smtp(to: SplitResult, message: EmailMessage) -> None:
    """Speak TLS where the server can; a password is never sent without it."""
    host, port = to.hostname or "", to.port or _PORTS[to.scheme]
    context = ssl.create_default_context()
    if to.scheme == "smtps":
        server = smtplib.SMTP_SSL(host, port, timeout=SECONDS_TO_ANSWER, context=context)
    else:
        server = smtplib.SMTP(host, port, timeout=SECONDS_TO_ANSWER)
    with server:
        server.ehlo_or_helo_if_needed()
        is_sealed = to.scheme == "smtps"
        if not is_sealed and server.has_extn("starttls"):
            server.starttls(context=context)
            is_sealed = True
        if to.username:
            if not is_sealed:
                failure = "the server offers no TLS, and a password is not sent in the clear"
                raise smtplib.SMTPNotSupportedError(failure)
            server.login(unquote(to.username), unquote(to.password or ""))
        server.send_message(message)
