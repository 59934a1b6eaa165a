"""What bubblewrap is told, word by word where it matters."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from tre.safe_settings.sealed_sandbox import (
    THREADS,
    KernelRuntime,
    Machine,
    OpenFolders,
    UnsealableError,
    kernel_command,
    kernel_environment,
    kernel_seal,
    server_seal,
)
from tre.safe_settings.session_spec import Limits, SessionSpec

SPEC = SessionSpec(
    person="ada",
    project="early-onset-psychosis",
    title="Early-onset psychosis and attainment",
    practice=False,
    policy="srs",
    extract=Path("/srv/tre/extracts/early-onset-psychosis/v1"),
    workspace=Path("/srv/tre/workspaces/early-onset-psychosis"),
    outbox=Path("/srv/tre/outboxes/early-onset-psychosis/ada"),
    replies=Path("/srv/tre/replies/early-onset-psychosis/ada"),
)
MACHINE = Machine(
    bwrap=Path("/usr/bin/bwrap"),
    python=Path("/srv/code/.venv/bin/python"),
    prefixes=(Path("/srv/code/.venv"), Path("/opt/python")),
    packages=(Path("/srv/code/tre"), Path("/srv/code/output_checks")),
    start=Path("/srv/code/tre/hub/inside/start_kernel.py"),
    processor="x86_64",
    as_root=False,
    read_only_in_proc=("sys",),
    hidden_in_proc=("kcore",),
)
FOLDERS = OpenFolders(extract=11, workspace=12, outbox=13, replies=14, packages=15)
RUNTIME = KernelRuntime(
    folders=FOLDERS,
    sockets=Path("/tmp/k/sockets"),
    connection_file=Path("/tmp/jupyter/kernel-1.json"),
    accounts=Path("/tmp/k"),
    seccomp_fd=7,
)


def binds(words: list[str], kind: str) -> dict[str, str]:
    """Inside name → host folder."""
    triples = zip(words, words[1:], words[2:], strict=False)
    return {inside: host for word, host, inside in triples if word == kind}


def test_a_kernel_sees_its_open_folders_under_their_fixed_names():
    words = kernel_seal(SPEC, MACHINE, RUNTIME)
    assert binds(words, "--ro-bind-fd") == {"/data": "11", "/replies": "14", "/packages": "15"}
    assert binds(words, "--bind-fd") == {"/workspace": "12", "/outbox": "13"}
    assert binds(words, "--bind") == {"/tmp/k/sockets": "/tmp/k/sockets"}


def test_no_folder_of_a_project_is_mounted_by_a_path_that_could_change_meanwhile():
    words = [
        *kernel_seal(SPEC, MACHINE, RUNTIME),
        *server_seal(SPEC, MACHINE, FOLDERS, private=Path("/p"), settings=Path("/s")),
    ]
    by_path = {**binds(words, "--bind"), **binds(words, "--ro-bind")}.values()
    for folder in (SPEC.extract, SPEC.workspace, SPEC.outbox, SPEC.replies):
        assert str(folder) not in by_path


def test_a_session_without_packages_has_no_such_folder():
    runtime = replace(RUNTIME, folders=replace(FOLDERS, packages=None))
    assert "/packages" not in kernel_seal(SPEC, MACHINE, runtime)


def test_a_kernel_shares_no_namespace_and_no_capability():
    words = kernel_seal(SPEC, MACHINE, RUNTIME)
    for each in ("user", "net", "pid", "ipc", "uts"):
        assert f"--unshare-{each}" in words
    assert ("--cap-drop", "ALL") in list(pairwise(words))
    assert ("--seccomp", "7") in list(pairwise(words))
    for each in ("--clearenv", "--disable-userns", "--die-with-parent", "--new-session"):
        assert each in words


def test_of_the_environment_only_its_session_part_is_shown():
    shown = binds(kernel_seal(SPEC, MACHINE, RUNTIME), "--ro-bind")
    assert shown["/opt/tre/lib/tre/session"] == "/srv/code/tre/session"
    assert shown["/opt/tre/lib/output_checks"] == "/srv/code/output_checks"
    assert "/srv/code/tre" not in shown.values()


def test_the_system_is_mounted_before_what_lies_in_it():
    # A tmpfs over /tmp or /home after the prefix's bind would hide the prefix.
    words = kernel_seal(SPEC, replace(MACHINE, prefixes=(Path("/home/x/.venv"),)), RUNTIME)
    assert words.index("/home") < words.index("/home/x/.venv")


def test_parts_of_proc_are_read_only_or_hidden():
    shown = binds(kernel_seal(SPEC, MACHINE, RUNTIME), "--ro-bind")
    assert shown["/proc/sys"] == "/proc/sys"
    assert shown["/proc/kcore"] == "/dev/null"


def test_private_memory_folders_have_sizes():
    words = kernel_seal(SPEC, MACHINE, RUNTIME)
    sized = {words[at + 3]: words[at + 1] for at, word in enumerate(words) if word == "--size"}
    assert sized == {
        "/dev/shm": "67108864",
        "/tmp": "536870912",
        "/home": "67108864",
        "/home/researcher/.packages": "536870912",
    }


@pytest.mark.parametrize("folder", ["extract", "workspace", "outbox", "replies"])
def test_a_project_inside_what_everyone_reads_is_refused(folder):
    spec = replace(SPEC, **{folder: Path("/opt/python/tre/early-onset-psychosis")})
    with pytest.raises(UnsealableError, match="--home"):
        kernel_seal(spec, MACHINE, RUNTIME)
    with pytest.raises(UnsealableError, match="--home"):
        server_seal(spec, MACHINE, FOLDERS, private=Path("/p"), settings=Path("/s"))


def test_the_environment_is_named_and_holds_no_token():
    names = kernel_environment(SPEC, MACHINE, desk_url="http://127.0.0.1:8001")
    assert names["TRE_PERSON"] == "ada"
    assert names["TRE_PROJECT"] == "early-onset-psychosis"
    assert names["TRE_PROJECT_TITLE"] == "Early-onset psychosis and attainment"
    assert names["TRE_POLICY"] == "srs"
    assert names["TRE_DESK_URL"] == "http://127.0.0.1:8001"
    assert names["HOME"] == "/home/researcher"
    assert not [name for name in names if "TOKEN" in name or "JUPYTERHUB" in name]
    assert not [value for value in names.values() if "/srv/tre" in value]


@pytest.mark.parametrize(("percent", "threads"), [(50, "1"), (200, "2"), (350, "3")])
def test_libraries_start_a_thread_for_each_core_that_a_session_may_use(percent, threads):
    spec = replace(SPEC, limits=Limits(cpu_percent=percent))
    names = kernel_environment(spec, MACHINE, desk_url="")
    assert {names[name] for name in THREADS} == {threads}


def test_the_limits_reach_the_kernel():
    command = kernel_command(MACHINE, Limits(memory_bytes=100, file_bytes=50, open_files=9))
    wanted = "DATA=100,AS=4294967396,FSIZE=50,NOFILE=9,NPROC=256,CORE=0"
    wanted += ",MEMLOCK=8388608,MSGQUEUE=8388608,RTPRIO=0"
    assert command[2] == wanted


def test_a_server_sees_its_own_project_and_nothing_else_of_the_data_home():
    words = server_seal(
        SPEC,
        MACHINE,
        replace(FOLDERS, packages=None),
        private=Path("/srv/tre/sessions/a/private"),
        settings=Path("/srv/tre/sessions/a/settings"),
    )
    kinds = ("--bind", "--ro-bind", "--bind-fd", "--ro-bind-fd")
    shown = {inside for kind in kinds for inside in binds(words, kind)}
    assert {path for path in shown if path.startswith("/srv/tre")} == {
        "/srv/tre/extracts/early-onset-psychosis/v1",
        "/srv/tre/workspaces/early-onset-psychosis",
        "/srv/tre/outboxes/early-onset-psychosis/ada",
        "/srv/tre/replies/early-onset-psychosis/ada",
        "/srv/tre/sessions/a/private",
        "/srv/tre/sessions/a/settings",
    }
    assert "--unshare-pid" in words
    assert "--unshare-net" not in words


def test_roots_server_leaves_proc_whole_so_that_kernels_can_have_their_own():
    words = server_seal(
        SPEC, replace(MACHINE, as_root=True), FOLDERS, private=Path("/p"), settings=Path("/s")
    )
    assert binds(words, "--bind")["/proc"] == "/proc"
    assert "--unshare-pid" not in words
