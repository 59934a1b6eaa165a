"""How pip works inside a session: offline, from the packages that the TRE manager chose, or not.

Not a boundary: the missing network is. What is said here makes `pip install NAME` work, and fail
with words that help.
"""

import sys
from collections.abc import Mapping

from tre.safe_settings.session_spec import PACKAGES

INSTALLED = "/home/researcher/.packages"
"""Where pip puts what it installs: memory of the kernel's own, gone when the kernel ends.

Not in the workspace, which a project shares: nobody's installation changes what others import.
"""

INDEX = f"{PACKAGES}/index.html"
"""The wheels that are offered, each with its SHA-256, which pip verifies before it installs."""

_SITE = f"lib/python{sys.version_info[0]}.{sys.version_info[1]}/site-packages"
MODULES = f"{INSTALLED}/{_SITE}"
"""Where its modules lie: a kernel runs the same Python as the hub that starts it."""
PROGRAMS = f"{INSTALLED}/bin"


def pip_environment(*, has_packages: bool) -> Mapping[str, str]:
    """The variables that pip reads; they hold for %pip, !pip and python -m pip alike."""
    offered = {"PIP_FIND_LINKS": f"file://{INDEX}"} if has_packages else {}
    return {
        "PIP_CONFIG_FILE": "/dev/null",
        "PIP_NO_INDEX": "1",
        # A wheel is only unpacked; to build a source distribution is to run it.
        "PIP_ONLY_BINARY": ":all:",
        "PIP_PREFIX": INSTALLED,
        "PIP_NO_CACHE_DIR": "1",
        "PIP_NO_INPUT": "1",
        "PIP_NO_WARN_SCRIPT_LOCATION": "1",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        **offered,
    }


def pip_folders(size_bytes: int) -> list[str]:
    """Bubblewrap's arguments for the folder, whole from the start so that imports look there."""
    words = ["--size", str(size_bytes), "--tmpfs", INSTALLED]
    parts = _SITE.split("/")
    for depth in range(1, len(parts) + 1):
        words += ["--dir", f"{INSTALLED}/{'/'.join(parts[:depth])}"]
    return words
