"""Reminders and mail: each reminder once, each letter once, to a real SMTP server or a folder."""

import socketserver
import stat
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest
from sqlalchemy import select

from tests.demo import Demo
from tests.demo_people import STUDY
from tre.decision import RefusedError, UnusableRequestError
from tre.steps.change_details import change_details
from tre.steps.notices import notices
from tre.steps.people import load_person
from tre.steps.projects import load_project
from tre.steps.read_ledger import read_ledger
from tre.steps.record_person import record_person
from tre.steps.record_project import record_project
from tre.steps.remind import remind
from tre.steps.send_mail import MOST_TRIES, Sent, message_of, send_mail, smtp_address
from tre.steps.telling import News, tell
from tre.steps.tre import SYSTEM, Tre
from tre.store.people_tables import mail
from tre.store.telling import Letter

NEWS = News(title="Something happened", text="It concerns you.", path="/me")


class Conversation(socketserver.StreamRequestHandler):
    """Speaks as much SMTP as a letter needs; a server that is `closed` hangs up at once."""

    def handle(self) -> None:
        server: Any = self.server
        if server.closed:
            return
        self.wfile.write(b"220 here\r\n")
        for line in self.rfile:
            word = line[:4].upper()
            if word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                server.letters.append(b"".join(iter(self.rfile.readline, b".\r\n")))
            self.wfile.write(b"221 bye\r\n" if word == b"QUIT" else b"250 well\r\n")
            if word == b"QUIT":
                return


class MailServer(socketserver.ThreadingTCPServer):
    """Takes letters on a port of its own."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.letters: list[bytes] = []
        self.closed = False


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as listening:
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield listening
        listening.shutdown()
        thread.join()


def with_server(demo: Demo, server: MailServer, **more: str) -> Tre:
    url = f"smtp://127.0.0.1:{server.server_address[1]}"
    config = replace(demo.tre.config, smtp_url=url, **more)
    return replace(demo.tre, config=config)


def has_address(demo: Demo, person: str = "ada") -> None:
    known = replace(load_person(demo.tre, person), email=f"{person}@example.org")
    record_person(demo.tre, "mia", known)


def told(tre: Tre, news: News = NEWS) -> None:
    with tre.store.writing() as change:
        tell(tre, change.connection, "ada", news)


def test_a_letter_reaches_a_real_server_once(demo: Demo, server: MailServer) -> None:
    has_address(demo)
    tre = with_server(demo, server, mail_from="desk@tre.example")
    told(tre)
    assert server.letters == []  # nothing is sent within the step
    assert send_mail(tre) == Sent(sent=1, failed=0)
    assert send_mail(tre) == Sent(sent=0, failed=0)
    (raw,) = server.letters
    letter = message_from_bytes(raw, policy=default)
    assert (letter["to"], letter["from"]) == ("ada@example.org", "desk@tre.example")
    assert letter["subject"] == "Something happened"
    text = letter.get_content().replace("\r\n", "\n")
    assert text.startswith("It concerns you.\n\nhttp://127.0.0.1:8001/me\n")


def test_without_a_server_letters_lie_in_a_folder_that_is_the_operators_alone(demo: Demo) -> None:
    has_address(demo)
    told(demo.tre)
    send_mail(demo.tre)
    folder = demo.tre.config.home / "mail"
    (file,) = folder.iterdir()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert message_from_bytes(file.read_bytes(), policy=default)["to"] == "ada@example.org"


def test_who_has_no_address_has_the_notice_alone(demo: Demo) -> None:
    told(demo.tre)
    assert send_mail(demo.tre) == Sent(sent=0, failed=0)
    (notice,) = notices(demo.tre, "ada")
    assert (notice.title, notice.path, notice.request) == ("Something happened", "/me", None)


def test_what_fails_is_tried_again_later_and_given_up_at_last(
    demo: Demo, server: MailServer
) -> None:
    has_address(demo)
    tre = with_server(demo, server)
    server.closed = True
    told(tre)
    assert send_mail(tre) == Sent(sent=0, failed=1)
    assert send_mail(tre) == Sent(sent=0, failed=0)  # not due yet
    demo.clock.move(minutes=5)
    assert send_mail(tre) == Sent(sent=0, failed=1)
    server.closed = False
    demo.clock.move(minutes=9)
    assert send_mail(tre) == Sent(sent=0, failed=0)  # the second wait is ten minutes
    demo.clock.move(minutes=1)
    assert send_mail(tre) == Sent(sent=1, failed=0)
    server.closed = True
    told(tre)
    for _ in range(MOST_TRIES):
        assert send_mail(tre).failed == 1
        demo.clock.move(hours=12)
    assert send_mail(tre) == Sent(sent=0, failed=0)
    with tre.store.reading() as connection:
        row = connection.execute(select(mail).order_by(mail.c.id.desc())).mappings().first()
    assert row is not None
    assert row["failure"] == "SMTPServerDisconnected while it was handed over"
    assert "ada@" not in row["failure"]


def test_a_password_is_not_sent_without_tls(demo: Demo, server: MailServer) -> None:
    has_address(demo)
    port = server.server_address[1]
    config = replace(demo.tre.config, smtp_url=f"smtp://me:secret@127.0.0.1:{port}")
    tre = replace(demo.tre, config=config)
    told(tre)
    assert send_mail(tre) == Sent(sent=0, failed=1)
    assert server.letters == []


def test_a_step_that_fails_sends_nothing(demo: Demo, server: MailServer) -> None:
    has_address(demo)
    tre = with_server(demo, server)

    def fail() -> None:
        with tre.store.writing() as change:
            tell(tre, change.connection, "ada", NEWS)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert send_mail(tre) == Sent(sent=0, failed=0)
    assert notices(tre, "ada") == ()


@pytest.mark.parametrize("what", ["address", "subject"])
def test_a_header_never_becomes_two(demo: Demo, what: str) -> None:
    letter = Letter(
        number=1,
        address="ada@example.org",
        subject="x",
        text="y",
        written_at=demo.clock.at,
        tries=0,
    )
    evil = replace(letter, **{what: "x@example.org\r\nBcc: all@example.org"})
    with pytest.raises(Exception, match="line end"):
        message_of(demo.tre.config, evil)
    has_address(demo)
    told(demo.tre, replace(NEWS, title="two\nlines\r\nBcc: all@example.org"))
    send_mail(demo.tre)
    (file,) = (demo.tre.config.home / "mail").iterdir()
    found = message_from_bytes(file.read_bytes(), policy=default)
    assert found["bcc"] is None
    assert found["subject"] == "two lines Bcc: all@example.org"


@pytest.mark.parametrize("url", ["host", "http://host", "smtp://", "smtp://host:x", "smtp://h:0"])
def test_an_address_of_no_mail_server_is_refused(url: str) -> None:
    with pytest.raises(UnusableRequestError, match="smtp_url"):
        smtp_address(url)


def test_no_title_of_a_request_leaves_by_mail(demo: Demo) -> None:
    has_address(demo)
    request = demo.released()
    send_mail(demo.tre)
    letters = b"".join(file.read_bytes() for file in (demo.tre.config.home / "mail").iterdir())
    title = notices(demo.tre, "ada")[0].title
    assert f"Request {request} is released".encode() in letters
    assert title.encode() not in letters


def test_a_new_address_is_told_to_the_old_one_too(demo: Demo) -> None:
    has_address(demo)
    ada = load_person(demo.tre, "ada")
    kept = {"name": ada.name, "organisation": ada.organisation}
    change_details(demo.tre, "mia", "ada", **kept, email="new@example.org")
    change_details(demo.tre, "mia", "ada", **kept, email="new@example.org")  # nothing changes
    send_mail(demo.tre)
    letters = sorted((demo.tre.config.home / "mail").iterdir())
    told_to = [message_from_bytes(each.read_bytes(), policy=default)["to"] for each in letters]
    assert told_to == ["ada@example.org", "new@example.org"]
    assert "changed your email" in notices(demo.tre, "ada")[0].text
    entry = read_ledger(demo.tre, "omar", person="mia", limit=1)[0]
    assert (entry.tag, entry.details) == ("people:person:details", {"changed": ["email"]})
    for actor, about in (("mia", "mia"), ("ada", "ada"), ("cora", "ada")):
        with pytest.raises(RefusedError):
            change_details(demo.tre, actor, about, **kept, email="")


def test_no_title_of_a_project_leaves_by_mail_either(demo: Demo) -> None:
    has_address(demo)
    go_to(demo, LAST - timedelta(days=7))
    assert remind(demo.tre)
    send_mail(demo.tre)
    (file,) = (demo.tre.config.home / "mail").iterdir()
    assert b"psychosis" not in file.read_bytes()
    assert b"A project of yours ends in 7 days" in file.read_bytes()


# Reminders. Ada's study ends on 5 January 2027; her passport a year later.

LAST = date(2027, 1, 5)


def go_to(demo: Demo, day: date) -> None:
    demo.clock.move(days=(day - demo.clock.at.date()).days)


def reminded(demo: Demo, day: date) -> list[tuple[str, str, int]]:
    go_to(demo, day)
    return [(each.person, str(each.expiry.kind), each.days) for each in remind(demo.tre)]


def test_everybody_is_reminded_three_times_of_what_runs_out_and_never_twice(demo: Demo) -> None:
    remind(demo.tre)
    assert reminded(demo, LAST - timedelta(days=61)) == []
    about = [("ada", "project", 60), ("bola", "project", 60)]
    practice = [("finn", "project", 60), ("tess", "project", 60)]
    assert reminded(demo, LAST - timedelta(days=60)) == [*about, *practice]
    assert reminded(demo, LAST - timedelta(days=59)) == []
    assert [days for _, _, days in reminded(demo, LAST - timedelta(days=29))] == [30] * 4
    assert reminded(demo, LAST - timedelta(days=8)) == []
    assert [days for _, _, days in reminded(demo, LAST - timedelta(days=7))] == [7] * 4
    assert reminded(demo, LAST) == []
    newest = notices(demo.tre, "ada")[0]
    title = "Early-onset psychosis and attainment"
    assert newest.title == f"“{title}” runs out within 7 days"
    assert newest.text.startswith(
        "A project of yours ends in 7 days, on 05 January 2027. Its lead asks"
    )
    assert newest.path == "/projects"


def test_a_membership_that_ends_before_its_project_is_told(demo: Demo) -> None:
    study = load_project(demo.tre, STUDY)
    today = demo.clock.at.date()
    members = tuple(
        replace(m, until=today + timedelta(days=7)) if m.person == "bola" else m
        for m in study.members
    )
    record_project(demo.tre, SYSTEM, replace(study, members=members))
    told_of = [(each.person, str(each.expiry.kind)) for each in remind(demo.tre)]
    assert ("bola", "membership") in told_of
    assert ("ada", "membership") not in told_of


def test_reminders_are_on_the_ledger_and_for_managers_to_send(demo: Demo) -> None:
    remind(demo.tre)
    go_to(demo, LAST - timedelta(days=60))
    for actor in ("ada", "cora", "omar"):
        with pytest.raises(RefusedError):
            remind(demo.tre, actor)
    assert len(remind(demo.tre, "mia")) == 4
    entry = read_ledger(demo.tre, "omar", person="mia", limit=1)[0]
    assert (entry.tag, entry.details["reminders"]) == ("people:reminder:send", 4)
