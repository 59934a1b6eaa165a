"""Open redirects and header injection: no address leads elsewhere, no text becomes a header."""

import re
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from fastapi import FastAPI

from tests.demo import Demo
from tests.desk.browser import ADDRESS, Browser
from tests.desk.security.visiting import Desk
from tre.config import Config
from tre.desk.pages.door import own_path
from tre.desk.pages.releases import safe_name
from tre.steps.send_mail import MailFailedError, message_of
from tre.store.telling import Letter

ADDRESSES = [
    "//evil.example",
    "///evil.example",
    "////evil.example/x",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/ /evil.example",
    "/%2f%2fevil.example",
    "/%5cevil.example",
    "/%09/evil.example",
    "//evil.example%2f..",
    "https://evil.example",
    "https:evil.example",
    "https:/evil.example",
    "HTTPS://evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "//127.0.0.1:8001@evil.example",
    "http://127.0.0.1:8001@evil.example/",
    "http://127.0.0.1:8001.evil.example/",
    "/\r\nLocation: https://evil.example",
    "/%0d%0aLocation:%20https://evil.example",
    "/\u2028/evil.example",
    "/\u00a0/evil.example",
    "evil.example",
    "?next=//evil.example",
    "",
]


def leads_to(address: str) -> tuple[str, str]:
    """The host and the path that a browser goes to from the desk; it reads \\ as /."""
    cleaned = re.sub(r"[\t\r\n]", "", address.strip(" \x00\x1f")).replace("\\", "/")
    if cleaned.startswith("//"):
        return urlsplit("http:" + cleaned).netloc, cleaned
    parts = urlsplit(cleaned)
    return (parts.netloc or ("elsewhere" if parts.scheme else "the desk")), parts.path


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_sign_in_ends_at_the_desk_whatever_was_asked_for(address: str):
    given = own_path(address)
    assert leads_to(given)[0] == "the desk", given
    assert given.startswith("/")
    assert not re.search(r"[\r\n\t\\]", given)


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_that_a_stranger_opens_comes_back_to_the_desk(app: FastAPI, address: str):
    """The whole way: to the hub, and back to what was asked for, which was a trap."""
    asked = quote(address, safe="/%?=:@\\")
    path = asked if asked.startswith("/") else f"/{asked}"
    ada = Browser(app)
    left = ada.ask("GET", f"{ADDRESS}{path}")
    if left.status_code != 302:
        assert left.status_code in {200, 307, 400, 404}
        assert leads_to(left.headers.get("location", "/"))[0] in {"the desk", "127.0.0.1:8001"}
        return
    state = parse_qs(urlsplit(left.headers["location"]).query)["state"][0]
    came = ada.get(f"/oauth_callback?code=ada&state={state}")
    assert came.status_code == 303
    assert leads_to(came.headers["location"])[0] == "the desk"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1:8001.evil.example", "127.0.0.1", ""])
def test_a_name_of_another_site_leads_to_the_desks_own_address(desk: Desk, host: str):
    for path in ("/", "//evil.example/", "/queue", "/@evil.example"):
        answer = desk.ask("GET", f"{ADDRESS}{path}", "ada", headers={"host": host})
        assert answer.status_code == 307
        assert urlsplit(answer.headers["location"]).netloc == ADDRESS.removeprefix("http://")
        assert "evil" not in urlsplit(answer.headers["location"]).netloc


def test_where_one_goes_after_a_vote_is_no_address_that_is_sent_along(desk: Desk):
    where = f"/requests/{desk.things.submitted}/files/{desk.things.file}"
    for stay in ("//evil.example", "https://evil.example", "file"):
        sent = {"choice": "approved", "turn": "1", "stay": stay, "next": stay}
        answer = desk.press("POST", f"{where}/vote", "cora", sent)
        assert answer.headers["location"].startswith(f"/requests/{desk.things.submitted}")


BREAKS = [
    "a\r\nSet-Cookie: x=1",
    "a\nb",
    "a\rb",
    "a\0b",
    'a"; filename="b',
    "a\u2028b",
    "é\r\n.zip",
]


@pytest.mark.parametrize("name", BREAKS)
def test_a_file_name_stays_within_its_header(name: str):
    assert re.fullmatch(r"[A-Za-z0-9._-]+", safe_name(name))


@pytest.mark.parametrize("name", BREAKS)
def test_a_file_with_such_a_name_comes_into_no_request(desk: Desk, name: str):
    """Names of files reach headers, pages and archives: they are refused at the door."""
    sent = {"kind": "code", "name": f"{name}.py", "content_base64": "eCA9IDE="}
    answer = desk.press("POST", f"/api/v1/requests/{desk.things.draft}/files", "gwen", sent)
    assert answer.status_code == 422, answer.text
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("text", BREAKS[:3])
def test_what_is_asked_for_comes_into_no_header(desk: Desk, text: str):
    for path in ("/ledger/export.csv?person={}", "/projects/{}", "/linkages/{}/journey.svg"):
        answer = desk.ask("GET", path.format(quote(text)), "mia")
        assert "x=1" not in str(answer.headers)
        assert len(answer.headers.get_list("set-cookie")) == 0


@pytest.mark.parametrize("subject", BREAKS[:3])
def test_no_text_adds_a_line_to_the_head_of_a_mail(demo: Demo, subject: str):
    """A notice's title is one line before it is kept; what came past that is never sent."""
    letter = Letter(
        number=1,
        address="ada@example.org",
        subject=subject,
        text="Hello",
        written_at=demo.clock(),
        tries=0,
    )
    config = Config(home=demo.tre.config.home)
    with pytest.raises(MailFailedError, match="line end"):
        message_of(config, letter)


@pytest.mark.parametrize("text", BREAKS[:3])
def test_a_title_of_a_project_is_one_line_wherever_it_goes(desk: Desk, text: str):
    """Titles stand in mail and in file names: line ends in them become spaces, or are refused."""
    sent = {"title": text, "starts": "2026-03-02", "ends": "2028-03-01"}
    answer = desk.press("POST", "/api/v1/projects", "rae", sent)
    assert answer.status_code in {201, 422}
    if answer.status_code == 201:
        kept = desk.ask("GET", f"/api/v1/projects/{answer.json()['project']}", "rae").json()
        assert not re.search(r"[\r\n\0]", kept["project"]["title"])
    desk.go_back()
