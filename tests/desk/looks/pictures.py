"""The pictures of the documentation: what each shows, to whom, and how it is kept small."""

import struct
import zlib
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
from matplotlib.image import imread

from tests.desk.looks.pages import PAGES, Page
from tests.desk.looks.papers import chunk

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "docs/images"
FINGERPRINTS = FOLDER / "fingerprints.json"
COLOURS = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One page as the documentation shows it, in light and in dark.

    file: its name in docs/images, without the theme. shown_in: the pages of the documentation.
    of: the page's name in PAGES. says: its text for whoever does not see it. height: in pixels.
    """

    file: str
    of: str
    shown_in: tuple[str, ...]
    says: str
    height: int = 800

    @property
    def page(self) -> Page:
        """The page that is drawn."""
        return next(page for page in PAGES if page.name == self.of)


PICTURES = (
    Picture(
        file="checker",
        of="file table to a checker",
        shown_in=("README.md", "docs/how-to/be-a-checker.md"),
        says="The output checker's page: a table of diagnosis group by sex, the cell of six people "
        "marked, the finding and its remedy beside it, and the vote",
        height=860,
    ),
    Picture(
        file="queue",
        of="queue",
        shown_in=("docs/how-to/be-a-checker.md",),
        says="The review queue: what waits, with its verdict, its age and whose turn it is",
    ),
    Picture(
        file="home",
        of="home of a researcher",
        shown_in=("docs/how-to/be-a-researcher.md",),
        says="A researcher's first page: a request that came back is the first thing to do, beside "
        "the projects with their open sessions",
    ),
    Picture(
        file="returned",
        of="returned request of one's own",
        shown_in=("docs/how-to/be-a-researcher.md",),
        says="A request that came back: the comments of both checkers, and what is missing before "
        "it can be submitted again",
    ),
    Picture(
        file="project",
        of="project with the panel to who decides",
        shown_in=("docs/how-to/apply-for-a-project.md",),
        says="An application before the panel: what it asks for, what was decided so far, and the "
        "vote with its five criteria",
    ),
    Picture(
        file="ingress",
        of="code with findings",
        shown_in=("docs/how-to/bring-code.md",),
        says="Code that wants to come in: hidden characters made visible at their lines, each with "
        "its remedy",
    ),
    Picture(
        file="people",
        of="record of bola",
        shown_in=("docs/how-to/look-after-people.md",),
        says="A person's record: what stops them today, in the words that they read themselves, "
        "and what runs out next",
    ),
    Picture(
        file="ledger",
        of="ledger verified",
        shown_in=("docs/how-to/read-the-ledger.md",),
        says="The ledger after a look at the whole chain: every step and every refusal, with who, "
        "what and when",
    ),
)


def file_of(picture: Picture, theme: str) -> Path:
    """Where the picture is kept."""
    return FOLDER / f"{picture.file}{'-dark' if theme == 'dark' else ''}.png"


def in_few_colours(png: bytes) -> bytes:
    """The same picture with at most 256 colours: a third of the size, and no eye sees it.

    The commonest half of the colours stay; of those that differ by less than a sixteenth in red,
    green and blue the commonest stays too; every other becomes the nearest of what stays.
    """
    pixels = (imread(BytesIO(png))[:, :, :3] * 255).round().astype(np.int32)
    known, where, often = np.unique(
        pixels.reshape(-1, 3), axis=0, return_inverse=True, return_counts=True
    )
    common = [int(colour) for colour in np.argsort(-often)]
    of_each: dict[tuple[int, ...], int] = {}
    for colour in common:
        of_each.setdefault(tuple(known[colour] >> 4), colour)
    kept = dict.fromkeys([*common[: COLOURS // 2], *of_each.values()])
    palette = known[list(kept)[:COLOURS]]
    nearest = np.array([((palette - colour) ** 2).sum(1).argmin() for colour in known])
    return _png(nearest[where].reshape(pixels.shape[:2]).astype(np.uint8), palette.astype(np.uint8))


def _png(indices: np.ndarray, palette: np.ndarray) -> bytes:
    height, width = indices.shape
    rows = np.hstack([np.zeros((height, 1), np.uint8), indices]).tobytes()
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        chunk(kind, content)
        for kind, content in (
            (b"IHDR", header),
            (b"PLTE", palette.tobytes()),
            (b"IDAT", zlib.compress(rows, 9)),
            (b"IEND", b""),
        )
    )
