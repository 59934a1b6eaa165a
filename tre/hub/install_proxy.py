"""`python -m tre.hub.install_proxy`: put the hub's proxy where the hub looks; quick when done."""

import hashlib
import subprocess
import sys
from pathlib import Path

from tre.hub.proxy_program import NoProxyError, node, proxy_folder

STAMP = ".installed-from"
PATIENCE_SECONDS = 300


def install() -> bool:
    """Install exactly what the lock file names; says whether there was anything to do.

    Raises NoProxyError where Node.js or the lock file is missing, or npm fails.
    """
    folder = proxy_folder()
    lock = folder / "package-lock.json"
    if not lock.is_file():
        message = f"{lock} is missing: TRE_PROXY must name the folder with the proxy's lock file"
        raise NoProxyError(message)
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    stamp = folder / "node_modules" / STAMP
    if stamp.is_file() and stamp.read_text(encoding="ascii") == wanted:
        return False
    _npm_ci(folder)
    stamp.write_text(wanted, encoding="ascii")
    return True


def _npm_ci(folder: Path) -> None:
    program = node()
    npm = program.parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    start = [str(program), str(npm)] if npm.is_file() else ["npm"]
    quiet = ("--no-audit", "--no-fund", "--ignore-scripts", "--loglevel", "error")
    command = [*start, "ci", "--prefix", str(folder), *quiet]
    done = subprocess.run(  # noqa: S603 - a fixed program, with arguments of our own
        command, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False
    )
    if done.returncode:
        message = f"npm could not install the hub's proxy:\n{done.stderr.strip()}"
        raise NoProxyError(message)


def main() -> int:
    """Install, and say so; 3 where it could not be done."""
    try:
        did = install()
    except NoProxyError as error:
        sys.stderr.write(f"{error}\n")
        return 3
    sys.stdout.write("installed the hub's proxy\n" if did else "the hub's proxy is installed\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
