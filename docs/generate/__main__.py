"""Write every generated page, or with --check say which differ from what the code says now."""

import sys
from pathlib import Path

from docs.generate.pages import PAGES

ROOT = Path(__file__).resolve().parent.parent.parent


def main(arguments: list[str]) -> int:
    """Return 0 when done or nothing is stale, 1 with the names of stale pages on stderr."""
    stale = [name for name, write in PAGES.items() if _text(ROOT / name) != write()]
    if "--check" in arguments:
        for name in stale:
            sys.stderr.write(f"{name} is stale: run `make docs`\n")
        return int(bool(stale))
    for name in stale:
        (ROOT / name).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / name).write_text(PAGES[name](), encoding="utf-8")
        sys.stdout.write(f"wrote {name}\n")
    return 0


def _text(file: Path) -> str | None:
    return file.read_text(encoding="utf-8") if file.exists() else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
