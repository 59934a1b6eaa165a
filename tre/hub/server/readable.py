"""Which file contents a person reads on a screen, and which only a machine would carry off."""

from pathlib import PurePath

from tre.hub.server.pictures import NoPictureError, must_be_gif, must_be_jpeg, must_be_png

TEXT = frozenset(
    {".py", ".r", ".md", ".txt", ".sql", ".toml", ".yaml", ".yml", ".cfg", ".json", ".log"}
)
IMAGES = {
    ".png": must_be_png,
    ".jpg": must_be_jpeg,
    ".jpeg": must_be_jpeg,
    ".gif": must_be_gif,
}
READABLE = TEXT | IMAGES.keys()

TEXT_BYTES = 200_000
IMAGE_BYTES = 2_000_000
TABLE_ROWS = 20
"""From this many lines with the same number of separators, text counts as a table of data."""

_HOW = "ask for its release, or look at it in the notebook"


def why_unreadable(name: str, content: bytes) -> str:
    """Say why a file's content does not go to the browser; "" where it may.

    The name only narrows what is allowed; what it promises is checked in the content.
    """
    suffix = PurePath(name).suffix.lower()
    if suffix in IMAGES:
        return _image(suffix, content)
    if suffix in TEXT or suffix == "":
        return _text(content)
    return f"{suffix[:20]} files are not shown here; {_HOW}"


def _image(suffix: str, content: bytes) -> str:
    if len(content) > IMAGE_BYTES:
        return f"larger than {IMAGE_BYTES:,} bytes; {_HOW}"
    try:
        IMAGES[suffix](content)
    except NoPictureError as error:
        return f"its content is not what {suffix} says ({error}); {_HOW}"
    return ""


def _text(content: bytes) -> str:
    if len(content) > TEXT_BYTES:
        return f"larger than {TEXT_BYTES:,} bytes; {_HOW}"
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return f"not text; {_HOW}"
    if "\0" in text:
        return f"not text; {_HOW}"
    return f"it looks like a table of data; {_HOW}" if looks_like_data(text) else ""


def looks_like_data(text: str) -> bool:
    """Whether many lines following one another have the same number (one or more) of separators.

    One at a line's end parts nothing: so does code write lists.
    """
    lines = [line.rstrip().rstrip(",;") for line in text.splitlines()]
    return any(_longest_run([line.count(mark) for line in lines]) >= TABLE_ROWS for mark in ",;\t|")


def _longest_run(counts: list[int]) -> int:
    longest = run = before = 0
    for count in counts:
        run = run + 1 if count and count == before else int(bool(count))
        before = count
        longest = max(longest, run)
    return longest
