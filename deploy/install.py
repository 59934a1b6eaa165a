"""Make the environment from the lock file, saying at each stage what is being done.

Needs nothing but the standard library of the Python that will run the project, and is written so
that an older one can still read it and say what is wrong. Exit status: 0 done, 3 not possible.
"""

import importlib.util
import os
import shlex
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "deploy" / "lock"
OLDEST, NEWEST = (3, 11), (3, 13)
NOISE = "is ignored: it is neither a file nor a directory"


class CannotInstallError(Exception):
    """Something is missing; the message says what, and how to get it."""


def main(venv: Path) -> int:
    """Make `venv` and fill it; a killed run leaves no stamp, so the next one starts again."""
    try:
        check_python(sys.version_info[:2])
        check_venv_module()
        check_system()
        fill(venv)
    except CannotInstallError as error:
        sys.stderr.write(f"\n{error}\n")
        return 3
    return 0


def check_python(version: tuple) -> None:
    """Refuse a Python that the pinned packages were not made for."""
    if OLDEST <= version <= NEWEST:
        return
    found = [name for name in ("python3.13", "python3.12", "python3.11") if shutil.which(name)]
    advice = (
        f"This machine has one: make up PYTHON={found[0]}"
        if found
        else "On Debian or Ubuntu: apt-get install python3 python3-venv; or use environment.yml."
    )
    message = (
        f"{sys.executable} is Python {version[0]}.{version[1]}; "
        f"the project needs 3.11, 3.12 or 3.13. {advice}"
    )
    raise CannotInstallError(message)


def check_venv_module() -> None:
    """Debian keeps `ensurepip` in a package of its own; say so before venv fails on it."""
    if importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip"):
        return
    message = (
        f"{sys.executable} cannot make virtual environments (no venv or ensurepip module). "
        "On Debian or Ubuntu: apt-get install python3-venv; "
        "or name another Python: make up PYTHON=/path/to/python3"
    )
    raise CannotInstallError(message)


def check_system() -> None:
    """Sessions are sealed with namespaces of the Linux kernel."""
    if not sys.platform.startswith("linux"):
        message = f"The environment runs on Linux only (this is {sys.platform}): use a container."
        raise CannotInstallError(message)


def fill(venv: Path) -> None:
    """Environment, pinned packages, PyTorch, the project itself, the proxy; then the stamp."""
    stamp = venv / ".installed"
    stamp.unlink(missing_ok=True)
    pip = [str(venv / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "--no-input"]
    make_environment(venv)
    install_lock(venv, pip)
    stage(
        "3/5 PyTorch, which SDV needs (a large download where pip finds no CPU build)",
        [*pip, "install", "-qq", "-r", str(LOCK / "torch.txt")],
    )
    stage(
        "4/5 The project itself",
        [*pip, "install", "-qq", "--no-deps", "--no-build-isolation", "-e", str(ROOT)],
    )
    stage(
        "5/5 The proxy in front of the hub",
        [str(venv / "bin" / "python"), "-m", "tre.hub.install_proxy"],
    )
    stamp.write_text(f"{ROOT}\n", encoding="utf-8")


def make_environment(venv: Path) -> None:
    """Make the environment where it is not there; anew where it was made elsewhere or otherwise.

    Python's own venv over another Python's environment would leave a mixture of the two.
    """
    python = os.path.realpath(getattr(sys, "_base_executable", sys.executable))
    if was_made_by(python, venv):
        return
    again = ["--clear"] if venv.exists() else []
    title = "1/5 Making the environment" + (" anew: its Python or folder changed" if again else "")
    stage(title, [python, "-m", "venv", *again, str(venv)])


def was_made_by(python: str, venv: Path) -> bool:
    """Whether the environment is of this Python and still where it was made."""
    settings = venv / "pyvenv.cfg"
    if not settings.exists() or not os.access(venv / "bin" / "python", os.X_OK):
        return False
    pairs = (line.partition("=") for line in settings.read_text(encoding="utf-8").splitlines())
    said = {name.strip(): value.strip() for name, _, value in pairs}
    same_folder = said.get("command", "").endswith(f" {venv}")
    return same_folder and said.get("executable") == python


def install_lock(venv: Path, pip: list) -> None:
    """Install the pinned packages, each checked against its hash.

    uv is three times as quick as pip and checks the same hashes, but reads no pip settings: where
    pip was told of an index of its own, or uv fails, pip does it.
    """
    pinned = LOCK / "requirements.txt"
    packages = sum(1 for line in pinned.open(encoding="utf-8") if "==" in line[:80])
    title = f"2/5 Installing {packages} pinned packages"
    checked = ["install", "--no-deps", "--require-hashes"]
    if not pip_has_its_own_index(pip):
        uv = [str(venv / "bin" / "uv"), "pip", "--quiet", *checked, "--compile-bytecode"]
        target = ["--python", str(venv / "bin" / "python"), "-r", str(pinned)]
        try:
            run([*pip, *checked, "-qq", "-r", str(LOCK / "uv.txt")])
            stage(title, [*uv, *target])
        except CannotInstallError as error:
            sys.stderr.write(f"{error}\nuv could not; pip tries.\n")
        else:
            return
    stage(f"{title} with pip (minutes)", [*pip, *checked, "-qq", "-r", str(pinned)])


def pip_has_its_own_index(pip: list) -> bool:
    """Whether pip was told where packages come from, by a variable or a settings file."""
    if os.environ.get("PIP_INDEX_URL") or os.environ.get("PIP_NO_INDEX"):
        return True
    listing = subprocess.run([*pip, "config", "list"], capture_output=True, text=True, check=False)
    names = [line.partition("=")[0].rpartition(".")[2] for line in listing.stdout.splitlines()]
    return "index-url" in names or "no-index" in names


def stage(title: str, command: list) -> None:
    """Run one command under a title; on a terminal the seconds count up beside it."""
    began = time.monotonic()
    done = threading.Event()
    clock = threading.Thread(target=_tick, args=(title, began, done), daemon=True)
    if sys.stdout.isatty():
        clock.start()
    else:
        sys.stdout.write(f"{title} …\n")
        sys.stdout.flush()
    try:
        run(command)
    finally:
        done.set()
        if clock.is_alive():
            clock.join()
    if sys.stdout.isatty():
        sys.stdout.write(f"\r\x1b[K{title}: {time.monotonic() - began:.0f} s\n")
    sys.stdout.flush()


def _tick(title: str, began: float, done: threading.Event) -> None:
    while not done.wait(0.5):
        sys.stdout.write(f"\r\x1b[K{title} … {time.monotonic() - began:.0f} s")
        sys.stdout.flush()
    sys.stdout.write("\r\x1b[K")


def run(command: list) -> None:
    """Run a command in silence; where it fails, show what it said, without pip's chatter."""
    result = subprocess.run(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if result.returncode == 0:
        return
    said = "\n".join(line for line in result.stdout.splitlines() if NOISE not in line)
    message = f"{said}\nThis failed (status {result.returncode}): {shlex.join(command)[:300]}"
    raise CannotInstallError(message)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else ".venv").absolute()))
