"""Finds R on this machine, with the package that makes it a kernel."""

import subprocess
import sys
from pathlib import Path

from tre.safe_settings.sealed_sandbox import RLanguage

_PLACES = ("/usr/local/bin", "/usr/bin")
"""Where R is looked for, after the environment of Python; a session's PATH holds no others."""

_LIBRARIES = ("library", "site-library")
_MORE_LIBRARIES = (Path("/usr/local/lib/R/site-library"),)
_SETTINGS = Path("/etc/R")
"""Debian keeps R's own settings there, and links to them from R's home."""

_PATIENCE_SECONDS = 10


def find_r() -> RLanguage | None:
    """Describe R, where R and its package IRkernel are installed; else None."""
    for place in (f"{sys.prefix}/bin", *_PLACES):
        program = Path(place) / "R"
        if program.is_file() and (home := _home(program)) and _has_kernel(home):
            return RLanguage(program=program, folders=_shown(program, home))
    return None


def _home(program: Path) -> Path | None:
    try:
        done = subprocess.run(  # noqa: S603 - R's own program, which prints a path
            [str(program), "RHOME"],
            capture_output=True,
            text=True,
            timeout=_PATIENCE_SECONDS,
            check=True,
            env={"PATH": "/usr/bin:/bin"},
        )
    except (OSError, subprocess.SubprocessError):
        return None
    home = Path(done.stdout.strip())
    return home if home.is_absolute() and home.is_dir() else None


def _has_kernel(home: Path) -> bool:
    libraries = (*(home / name for name in _LIBRARIES), *_MORE_LIBRARIES)
    return any((library / "IRkernel" / "DESCRIPTION").is_file() for library in libraries)


def _shown(program: Path, home: Path) -> tuple[Path, ...]:
    """The folders that R needs and a sandbox does not show anyway."""
    wanted = dict.fromkeys((home, program.resolve().parent, _SETTINGS))
    return tuple(
        path
        for path in wanted
        if path.is_dir()
        and not path.is_relative_to("/usr")
        and not path.is_relative_to(Path(sys.prefix).resolve())
    )
