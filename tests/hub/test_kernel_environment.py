"""What a sealed kernel finds in its environment: what is named, whatever a browser asks for."""

import ast
import os

import pytest

from tests.hub.sealed import a_session, one_kernel, say, sealed_kernel
from tre.hub.machine import this_machine
from tre.safe_settings.sealed_sandbox import kernel_environment

pytestmark = [pytest.mark.sealed, pytest.mark.xdist_group("sealed kernel")]

SHOW = "import os; print(sorted(os.environ))"
ADDED_INSIDE = {
    # by bubblewrap, Python's libraries and the kernel itself
    *("PWD", "LC_CTYPE", "KERNEL_LAUNCH_TIMEOUT", "MPLBACKEND", "PYDEVD_USE_FRAME_EVAL"),
    *("TERM", "CLICOLOR", "CLICOLOR_FORCE", "FORCE_COLOR", "PAGER", "GIT_PAGER"),
    *("KMP_DUPLICATE_LIB_OK", "KMP_INIT_AT_FORK", "JPY_PARENT_PID", "POLARS_MAX_THREADS"),
}


@pytest.fixture
def place(sealable, tmp_path, monkeypatch):
    """A described session, in a server whose own environment is full of secrets."""
    for name in ("JUPYTERHUB_API_TOKEN", "JPY_API_TOKEN", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "secret-word")
    monkeypatch.setenv("LD_PRELOAD_IN_VAIN", "secret-word")
    return tmp_path


def everything(kernel) -> str:
    """The environments of all processes inside, and their command lines."""
    return say(
        kernel,
        "import glob\n"
        "for name in glob.glob('/proc/[0-9]*/environ') + glob.glob('/proc/[0-9]*/cmdline'):\n"
        "    try: print(open(name).read())\n"
        "    except PermissionError: pass\n",
    )


def test_it_is_what_is_named(place):
    spec = a_session(place / "home")
    with sealed_kernel(spec, place / "session") as kernel:
        found = set(ast.literal_eval(say(kernel, SHOW)))
        said = everything(kernel)
    named = {*kernel_environment(spec, this_machine(), desk_url=""), "JPY_SESSION_NAME"}
    assert named <= found
    assert found - named <= ADDED_INSIDE
    assert "secret-word" not in said
    assert str(place) not in said
    assert not {name for name in found if name.startswith("JUPYTERHUB") or "TOKEN" in name}


def test_what_a_start_asks_for_is_not_given(place):
    # POST /api/sessions hands its server's whole environment on, and JPY_SESSION_NAME.
    asked = os.environ | {
        "LD_PRELOAD": "/workspace/evil.so",
        "PYTHONPATH": "/workspace",
        "PYTHONSTARTUP": "/workspace/evil.py",
        "TRE_PERSON": "somebody-else",
        "PATH": "/workspace",
        "JPY_SESSION_NAME": "../../etc/passwd\nTRE_PERSON=eve",
    }
    with (
        sealed_kernel(a_session(place / "home"), place / "session"),
        one_kernel(place / "session", env=asked) as kernel,
    ):
        found = ast.literal_eval(say(kernel, "import os; print(dict(os.environ))"))
        whole = everything(kernel)
    assert "secret-word" not in whole
    assert "LD_PRELOAD" not in found
    assert "PYTHONSTARTUP" not in found
    assert found["TRE_PERSON"] == "ada"
    assert "/workspace" not in found["PYTHONPATH"]
    assert "/workspace" not in found["PATH"]


def test_more_arguments_are_not_taken(place):
    # A start may bring arguments for the kernel's command, and a folder to start in.
    with sealed_kernel(a_session(place / "home"), place / "session"):
        more = ["--IPKernelApp.exec_lines=print(1)"]
        with one_kernel(place / "session", extra_arguments=more, cwd="/etc") as kernel:
            said = say(kernel, "import os; print(os.getcwd())")
            line = say(kernel, "print(open('/proc/self/cmdline').read())")
    assert said == "/workspace\n"
    assert "exec_lines" not in line
