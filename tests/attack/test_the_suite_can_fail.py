"""The same attacks on targets that hold nothing come out as open: the suite can fail."""

import pytest

from tests.attack.weak import Bare, Stock
from tre.attack import hostile
from tre.attack.attack import Outcome
from tre.attack.attacks import chosen
from tre.attack.suite import made
from tre.attack.table.hostile_files import judge_page, judge_sandbox

pytestmark = [
    pytest.mark.long,
    pytest.mark.sealed,
    pytest.mark.slow,
    pytest.mark.timeout(400),
    pytest.mark.xdist_group("attack"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

OPEN_WITHOUT_THE_SEAL = (
    # network
    *("tcp-machine", "abstract-socket", "socket-file", "shared-memory"),
    # calls and processes
    *("lease", "inotify", "dnotify", "behind-the-end"),
    *("rights", "memfd", "personality", "environ-tokens", "signals", "left-behind"),
    # files of the machine
    *("data-home", "other-project", "own-project-path", "tmp", "set-user-id"),
)
OPEN_ON_A_STOCK_SERVER = (
    *("files", "files-download", "files-head", "view", "terminals", "contents-csv"),
    *("contents-no-format", "contents-base64", "contents-sniffed", "rename", "copy"),
    *("upload-table", "link-file", "link-folder", "display", "comm", "expressions"),
    *("beacons", "pop-ups", "output-to-hub", "notebook-metadata", "picture"),
    *("settings-path", "layouts", "layout-size", "odd-bodies"),
)
OPEN_ON_A_SITE_THAT_SAYS_YES = (
    *("desk-no-origin", "desk-foreign-origin", "desk-no-csrf", "desk-cross-site", "framed"),
    *("page-scripts", "sniffing", "redirect-address", "redirect-slashes", "redirect-backslash"),
    *("oauth-callback", "hub-new-user", "hub-admin", "hub-admin-page", "wider-token", "share-code"),
    *("hub-no-xsrf", "spawn-default"),
)


@pytest.mark.parametrize("name", OPEN_WITHOUT_THE_SEAL)
def test_an_unsealed_kernel_is_open(stock: Stock, name: str):
    (attack,) = chosen([name])
    seen = made(stock, attack).seen
    assert seen.outcome is Outcome.OPEN, seen.evidence


@pytest.mark.parametrize("name", OPEN_ON_A_STOCK_SERVER)
def test_a_server_as_it_comes_is_open(stock: Stock, name: str):
    (attack,) = chosen([name])
    seen = made(stock, attack).seen
    assert seen.outcome is Outcome.OPEN, seen.evidence


@pytest.mark.parametrize("name", OPEN_ON_A_SITE_THAT_SAYS_YES)
def test_a_site_that_says_yes_to_everything_is_open(bare: Bare, name: str):
    (attack,) = chosen([name])
    seen = made(bare, attack).seen
    assert seen.outcome is Outcome.OPEN, seen.evidence


@pytest.mark.parametrize(
    "page", [hostile.page().decode(), f"<p>{hostile.HARMLESS}</p><b onx=attack()>"]
)
def test_a_page_that_was_not_cleaned_is_open(page: str):
    assert judge_page(page).outcome is Outcome.OPEN


@pytest.mark.parametrize(
    "policy", ["", "default-src 'none'", "sandbox allow-scripts; default-src 'none'"]
)
def test_a_strangers_document_without_an_empty_sandbox_is_open(policy: str):
    assert judge_sandbox(policy, "shown").outcome is Outcome.OPEN
