"""Sessions under watch, on a hub that runs: told, stopped, and kept apart."""

import time
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from jupyterhub import orm

from tests.hub.browser import Browser
from tests.hub.conftest import free_ports, serving
from tests.hub.fake_gate import CODE, OTHER, PASSWORD, STUDY, mark, unmark
from tre.hub import processes
from tre.hub.session_server import of_sessions
from tre.safe_settings.sealed_sandbox import KERNELS

pytestmark = [
    pytest.mark.sealed,
    pytest.mark.xdist_group("hub in a browser"),
    pytest.mark.timeout(600),
]
BASE, BESIDE = f"/user/ada/{STUDY}", f"/user/ada/{OTHER}"


@pytest.fixture(scope="module")
def watched(sealable, tmp_path_factory):
    home = tmp_path_factory.mktemp("watched") / "home"
    running = serving(home, free_ports(), ROUND_SECONDS=1, GRACE_SECONDS=2)
    yield running
    assert running.stop() == 0


@pytest.fixture
def ada(watched):
    for what in ("suspended", "barred", "confused"):
        unmark(watched.home, what, "ada")
    browser = Browser(watched.hub)
    browser.sign_in("ada", PASSWORD, CODE)
    yield browser
    browser.close()
    unmark(watched.home, "barred", "ada")
    last = Browser(watched.hub)
    last.sign_in("ada", PASSWORD, CODE)
    last.http.get("/hub/logout")
    last.close()


def eventually(asked, seconds=90):
    until = time.monotonic() + seconds
    while not asked():
        assert time.monotonic() < until, asked
        time.sleep(0.1)


def notice(browser, base=BASE):
    answer = browser.http.get(f"{base}/api/tre/notice")
    return answer.json() if answer.status_code == 200 else {}


def test_the_owner_alone_reads_the_notice(ada, watched):
    ada.open("ada", STUDY)
    found = notice(ada)
    assert (found["person"], found["project"]) == ("ada", STUDY)
    assert 0 < found["ends_at"] - found["now"] <= 12 * 60 * 60
    stranger = httpx.get(f"{watched.hub}{BASE}/api/tre/notice")
    assert stranger.status_code == 403
    other = Browser(watched.hub)
    other.sign_in("bola", PASSWORD, CODE)
    assert other.http.get(f"{BASE}/api/tre/notice").status_code == 403
    other.close()


def test_a_suspended_person_is_told_and_stopped_and_nothing_is_left_running(ada, watched):
    ada.open("ada", STUDY)
    kernel = ada.kernel("ada", STUDY)
    kernel.run("import threading; threading.Thread(target=lambda: [None for _ in iter(int, 1)])")
    kernel.close()
    mark(watched.home, "suspended", "ada")
    eventually(lambda: notice(ada).get("closing"))
    page = notice(ada)["closing"]["page"]
    eventually(lambda: not of_sessions(processes.descendants(watched.process.pid)))
    end = "the gate was asked again and refused [accreditation in date, within dates]"
    eventually(lambda: watched.asked()[-1] == f"end ada {STUDY}: {end}")
    # Both pages say every reason: the one that the bar leads to, without signing in, and the hub's.
    for told in (httpx.get(page), ada.http.get(f"/hub{BASE}/")):
        assert "The session was closed" in told.text
        assert "Your accreditation ended on 1 May." in told.text
        assert "The project ended on 3 June." in told.text
    assert httpx.get(page[:-1] + ("0" if page[-1] != "0" else "1")).status_code == 404


def test_signing_out_ends_every_session(ada, watched):
    ada.open("ada", STUDY)
    ada.open("ada", OTHER)
    ada.http.get("/hub/logout")
    eventually(lambda: not of_sessions(processes.descendants(watched.process.pid)))
    ends = {f"end ada {STUDY}", f"end ada {OTHER}"}
    eventually(lambda: {line.split(":")[0] for line in watched.asked()[-2:]} == ends)


def token_from_before(home: Path, person: str) -> str:
    """A token as the hub gave them once, and gives them no more."""
    sessions = orm.new_session_factory(f"sqlite:///{home / 'hub' / 'jupyterhub.sqlite'}")
    with sessions() as database:
        owner = orm.User.find(database, person)
        assert owner is not None
        token = owner.new_api_token(note="mine")
        database.get_bind().dispose()
    return token


def test_a_barred_account_is_let_on_by_no_page_and_no_token(ada, watched):
    ada.open("ada", STUDY)
    own = {"Authorization": f"token {token_from_before(watched.home, 'ada')}"}
    assert httpx.get(f"{watched.hub}/hub/api/user", headers=own).status_code == 200
    mark(watched.home, "barred", "ada")
    assert str(ada.http.get("/hub/home").url).startswith(f"{watched.hub}/hub/login")
    assert httpx.get(f"{watched.hub}/hub/api/user", headers=own).status_code == 403


def test_a_token_from_before_the_account_changed_is_over(ada, watched):
    own = {"Authorization": f"token {token_from_before(watched.home, 'ada')}"}
    assert httpx.get(f"{watched.hub}/hub/api/user", headers=own).status_code == 200
    (watched.home / "began").mkdir()
    (watched.home / "began" / "ada").write_text(datetime.now(UTC).isoformat())
    assert httpx.get(f"{watched.hub}/hub/api/user", headers=own).status_code == 403
    assert ada.http.get("/hub/home").url.path == "/hub/home"  # two seconds of slack for cookies
    (watched.home / "began" / "ada").unlink()


def test_two_sessions_of_one_person_share_nothing(ada, watched):
    ada.open("ada", STUDY)
    ada.open("ada", OTHER)
    one, two = ada.kernel("ada", STUDY), ada.kernel("ada", OTHER)
    one.run("import os; open('/workspace/mine.txt', 'w').write('1')")
    one.run("open('/outbox/mine.txt', 'w').write('1')")
    seen = two.run("import os; print(os.listdir('/workspace'), os.listdir('/outbox'))")
    assert "mine.txt" not in seen
    # Sockets and shared memory of one kernel are not in the other's world.
    assert one.run("import os; print(os.environ['TRE_PROJECT'])").strip() == STUDY
    look = f"import glob; print(*glob.glob('{KERNELS}/*/sockets/*'))"
    sockets = [set(each.run(look).split()) for each in (one, two)]
    assert all(sockets)
    assert sockets[0].isdisjoint(sockets[1])
    one.run("from multiprocessing import shared_memory as s; m = s.SharedMemory('x', True, 9)")
    assert "FileNotFoundError" in two.run(
        "from multiprocessing import shared_memory as s; s.SharedMemory('x')"
    )
    one.close()
    two.close()
    # Each server has a token of its own, which opens no other server.
    tokens = tokens_of_servers(watched)
    assert set(tokens) == {f"{BASE}/", f"{BESIDE}/"}
    for prefix, token in tokens.items():
        other = BESIDE if prefix.startswith(BASE) else BASE
        answer = httpx.get(
            f"{watched.hub}{other}/api/contents", headers={"Authorization": f"token {token}"}
        )
        assert answer.status_code == 403


def tokens_of_servers(watched) -> dict[str, str]:
    """The token of every running server, by the part of the address that it serves."""
    tokens = {}
    for process in of_sessions(processes.descendants(watched.process.pid)):
        words = Path(f"/proc/{process.pid}/environ").read_text().split("\0")
        found = dict(word.split("=", 1) for word in words if "=" in word)
        if "JUPYTERHUB_API_TOKEN" in found:
            tokens[found["JUPYTERHUB_SERVICE_PREFIX"]] = found["JUPYTERHUB_API_TOKEN"]
    return tokens
