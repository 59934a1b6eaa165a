"""A picture that goes to the browser is a picture, and nothing rides on it."""

import io
import zlib

import pytest

from tests.hub.pictures import chunk, comment, gif, jpeg, png, segment
from tre.hub.server.pictures import NoPictureError, must_be_gif, must_be_jpeg, must_be_png

TABLE = b"id,score\n" * 1000
PIXELS = zlib.compress(bytes(8))


def drawn(**kinds) -> bytes:
    pyplot = pytest.importorskip("matplotlib.figure")
    figure = pyplot.Figure()
    figure.subplots().plot([1, 2, 3])
    out = io.BytesIO()
    figure.savefig(out, **kinds)
    return out.getvalue()


@pytest.mark.parametrize(
    ("must_be", "content"),
    [
        (must_be_png, png()),
        (must_be_png, png(parts=chunk(b"tEXt", b"Software\0Matplotlib version 3.10"))),
        (must_be_jpeg, jpeg()),
        (must_be_gif, gif()),
        (must_be_gif, gif(extension=b"\x21\xf9\x04\x00\x00\x00\x00\x00")),
    ],
)
def test_a_plain_picture_is_one(must_be, content):
    must_be(content)


def test_what_matplotlib_draws_is_a_picture():
    must_be_png(drawn(format="png"))
    must_be_jpeg(drawn(format="jpg"))


@pytest.mark.parametrize(
    ("must_be", "content", "why"),
    [
        # Bytes behind the picture, which every viewer passes over.
        (must_be_png, png(behind=TABLE), "behind the picture"),
        (must_be_jpeg, jpeg(behind=TABLE), "behind the picture"),
        (must_be_jpeg, jpeg(behind=TABLE + b"\xff\xd9"), "behind the picture"),
        (must_be_gif, gif(behind=TABLE), "behind the picture"),
        # Bytes in it that are not drawn.
        (must_be_png, png(parts=chunk(b"tEXt", b"Comment\0" + TABLE)), "notes"),
        (must_be_png, png(parts=chunk(b"iCCP", TABLE)), "notes"),
        (must_be_png, png(parts=chunk(b"daTa", TABLE)), "not of the picture"),
        (must_be_png, png(packed=PIXELS + TABLE), "behind the pixels"),
        (must_be_png, png(packed=zlib.compress(bytes(8) + TABLE)), "behind the pixels"),
        (must_be_jpeg, jpeg(segments=segment(0xFE, TABLE)), "notes"),
        (must_be_jpeg, jpeg(segments=segment(0xE1, TABLE)), "notes"),
        (must_be_jpeg, jpeg(segments=segment(0xE0, TABLE)), "notes"),
        (must_be_gif, gif(extension=comment(9000)), "notes"),
        # A picture that would fill the memory of who opens it.
        (must_be_png, png(width=60_000, height=60_000, packed=PIXELS), "more pixels"),
        # No picture.
        (must_be_png, b"\x80\x04pickle", "not a PNG"),
        (must_be_png, png()[:-20], "damaged"),
        (must_be_png, png().replace(b"IDAT", b"IDAX"), "damaged"),
        (must_be_png, b"\x89PNG\r\n\x1a\n", "damaged"),
        (must_be_png, b"\x89PNG\r\n\x1a\n" + chunk(b"IEND", b""), "damaged"),
        (must_be_jpeg, b"\xff\xd8\xff", "damaged"),
        (must_be_jpeg, jpeg()[:-2], "damaged"),
        (must_be_gif, b"GIF89a", "damaged"),
        (must_be_gif, gif()[:-1], "damaged"),
        (must_be_gif, b"PK\x03\x04", "not a GIF"),
    ],
)
def test_a_picture_that_carries_more_is_none(must_be, content, why):
    with pytest.raises(NoPictureError, match=why):
        must_be(content)
