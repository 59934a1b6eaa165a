"""The pictures of the documentation are taken here, and here it is said when they are stale.

`make screenshots` takes them. What is compared is a fingerprint of what the page shows: its words,
colours and sizes, so that another machine's fonts make nothing stale.
"""

import hashlib
import json
import os
from pathlib import Path

import pytest

from tests.chromium import CHROMIUM, running_chromium
from tests.desk.looks.eyes import DARK, DESK, LIGHT, visit, window
from tests.desk.looks.pictures import (
    FINGERPRINTS,
    PICTURES,
    ROOT,
    Picture,
    file_of,
    in_few_colours,
)
from tests.desk.looks.world import served

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.xdist_group("looks of the desk"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

FINGERPRINT = (Path(__file__).parent / "fingerprint.js").read_text()
TAKEN_NOW = bool(os.environ.get("TRE_SCREENSHOTS_OF_DOCS"))


@pytest.fixture(scope="module")
def shown(
    demo_home: Path, tmp_path_factory: pytest.TempPathFactory, cheap_passwords: None
) -> dict[str, str]:
    """The fingerprint of what each picture's page shows today; the pictures, if asked for."""
    if not CHROMIUM:
        pytest.skip("no Chromium here (on Debian: apt-get install chromium)")
    home = tmp_path_factory.mktemp("pictures") / "home"
    found = {}
    with served(demo_home, home, full=True) as desk, running_chromium() as browser:
        for theme in (LIGHT, DARK):
            tab = window(browser, theme=theme).new_page()
            for picture in PICTURES:
                tab.set_viewport_size({"width": DESK[0], "height": picture.height})
                visit(tab, desk, picture.page)
                file = file_of(picture, theme)
                told = tab.evaluate(FINGERPRINT)
                found[file.name] = hashlib.sha256(told.encode()).hexdigest()[:32]
                if TAKEN_NOW:
                    file.write_bytes(in_few_colours(tab.screenshot()))
    if TAKEN_NOW:
        FINGERPRINTS.write_text(json.dumps(found, indent=2) + "\n")
    return found


def test_the_pictures_show_what_the_desk_shows_today(shown: dict[str, str]):
    kept = json.loads(FINGERPRINTS.read_text())
    stale = sorted(name for name in {*shown, *kept} if shown.get(name) != kept.get(name))
    assert not stale, f"stale pictures in docs/images: {', '.join(stale)}; run `make screenshots`"


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.file)
def test_a_picture_is_there_in_light_and_dark_and_shown_with_its_words(picture: Picture):
    for theme in (LIGHT, DARK):
        assert file_of(picture, theme).read_bytes().startswith(b"\x89PNG"), "run `make screenshots`"
    for page in picture.shown_in:
        text = " ".join((ROOT / page).read_text().split())
        assert f'alt="{picture.says}"' in text, f"{page} does not say what {picture.file} shows"
        for theme in (LIGHT, DARK):
            assert f"images/{file_of(picture, theme).name}" in text


def test_no_picture_is_larger_than_a_page_should_load():
    for picture in PICTURES:
        for theme in (LIGHT, DARK):
            assert file_of(picture, theme).stat().st_size < 200_000, picture.file
