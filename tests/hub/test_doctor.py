"""What `tre doctor` says of machines that cannot seal a session, each made up here."""

import os
from pathlib import Path

import pytest

from tre.config import Config
from tre.hub import seal_checks
from tre.hub.control_groups import Groups
from tre.hub.doctor import EXAMINATIONS, examine
from tre.hub.machine import NotSealableError, this_machine
from tre.hub.namespace_advice import SWITCHES, namespace_advice
from tre.hub.proof import prove_seal
from tre.safe_settings.seccomp import UnknownMachineError

NO_NAMESPACES = (
    "bwrap: No permissions to create new namespace, likely because the kernel does not allow "
    "non-privileged user namespaces."
)


@pytest.fixture
def config(tmp_path) -> Config:
    return Config(home=tmp_path / "home")


def program(path: Path, script: str) -> Path:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def fake_bubblewrap(tmp_path, monkeypatch):
    """Puts a program in bubblewrap's place."""

    def put(script: str) -> Path:
        fake = program(tmp_path / "bwrap", script)
        monkeypatch.setattr("tre.hub.machine._bubblewrap", lambda: fake)
        return fake

    return put


def test_without_namespaces_it_says_so_and_no_session_is_sealed(config, fake_bubblewrap):
    fake_bubblewrap(f"echo '{NO_NAMESPACES}' >&2; exit 1")
    namespaces = seal_checks.namespaces(config)
    assert not namespaces.ok
    assert "No permissions to create new namespace" in namespaces.message
    seal = seal_checks.seal(config)
    assert not seal.ok
    assert "no session starts" in seal.message
    assert "No permissions to create new namespace" in prove_seal(this_machine())[0]


@pytest.mark.parametrize(
    ("setting", "value", "as_root", "said"),
    [
        ("user/max_user_namespaces", "0", False, "sysctl -w user.max_user_namespaces"),
        ("user/max_user_namespaces", "0", True, "sysctl -w user.max_user_namespaces"),
        ("kernel/unprivileged_userns_clone", "0", False, "unprivileged_userns_clone=1"),
        ("kernel/apparmor_restrict_unprivileged_userns", "1", False, "/etc/apparmor.d/tre-bwrap"),
    ],
)
def test_each_switch_has_its_remedy(tmp_path, setting, value, as_root, said):
    file = tmp_path / "proc" / "sys" / setting
    file.parent.mkdir(parents=True)
    file.write_text(f"{value}\n")
    bwrap = Path("/opt/bwrap")
    advice = namespace_advice(NO_NAMESPACES, bwrap, as_root=as_root, machine=tmp_path)
    assert advice[0].endswith(NO_NAMESPACES)
    assert said in advice[1]
    assert len(advice) == 2


def test_switches_that_are_as_they_should_be_are_not_blamed(tmp_path):
    for switch in SWITCHES:
        file = tmp_path / "proc" / "sys" / switch.name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("1" if switch.off == "0" else "0")
    assert len(namespace_advice("?", Path("/b"), as_root=False, machine=tmp_path)) == 1


@pytest.mark.parametrize("mark", [".dockerenv", "run/.containerenv"])
def test_a_container_is_recognised(tmp_path, mark):
    (tmp_path / mark).parent.mkdir(exist_ok=True)
    (tmp_path / mark).touch()
    advice = namespace_advice(NO_NAMESPACES, Path("/b"), as_root=True, machine=tmp_path)
    assert "--security-opt seccomp=unconfined" in advice[1]


def test_a_masked_proc_is_recognised(tmp_path):
    said = "bwrap: Can't mount proc on /newroot/proc: Operation not permitted"
    advice = namespace_advice(said, Path("/b"), as_root=False, machine=tmp_path)
    assert "unmask=ALL" in advice[1]


def test_an_old_bubblewrap_is_named_with_the_one_to_take(config, fake_bubblewrap):
    fake_bubblewrap("echo '--bind SRC DEST'")
    check = seal_checks.bubblewrap(config)
    assert not check.ok
    assert "0.10 or later" in check.remedy


def test_without_bubblewrap_every_check_that_needs_it_says_where_to_get_it(config, monkeypatch):
    def missing():
        raise NotSealableError("bubblewrap is missing: apt-get install bubblewrap")

    monkeypatch.setattr("tre.hub.machine._bubblewrap", missing)
    for check in (seal_checks.bubblewrap, seal_checks.namespaces, seal_checks.seal):
        assert "apt-get install bubblewrap" in check(config).remedy


def test_an_unknown_processor_is_named(config, monkeypatch):
    monkeypatch.setattr("platform.machine", lambda: "riscv64")
    check = seal_checks.processor(config)
    assert not check.ok
    assert "riscv64" in check.message
    assert "x86_64 or aarch64" in check.remedy
    with pytest.raises(UnknownMachineError):
        this_machine()
    assert not seal_checks.seal(config).ok


def test_a_data_home_in_what_sessions_read_is_refused():
    inside = this_machine().prefixes[0] / "home"
    check = seal_checks.home_apart(Config(home=inside))
    assert not check.ok
    assert "--home" in check.remedy
    assert not seal_checks.home_apart(Config(home=Path("/usr/share/tre"))).ok


def test_a_python_that_is_closed_to_others_is_named(config, tmp_path, monkeypatch):
    closed = tmp_path / "closed"
    (closed / "python").mkdir(parents=True)
    closed.chmod(0)
    if os.geteuid() == 0:
        os.chown(closed, 12345, 12345)
    real = seal_checks.this_machine()
    monkeypatch.setattr("tre.hub.machine._prefixes", lambda: (*real.prefixes, closed / "python"))
    check = seal_checks.python_shown(config)
    assert not check.ok
    assert "closed to this account" in check.message
    assert "/usr/bin/python3" in check.remedy
    closed.chmod(0o700)


@pytest.mark.parametrize(
    ("groups", "as_root", "ok", "said"),
    [
        (
            Groups(version=2, folders=dict.fromkeys(("memory", "pids", "cpu"), Path("/g"))),
            False,
            True,
            "2",
        ),
        (
            Groups(version=1, folders=dict.fromkeys(("memory", "pids", "cpu"), Path("/g"))),
            True,
            True,
            "1",
        ),
        (
            Groups(version=2, folders=dict.fromkeys(("memory", "pids"), Path("/g"))),
            False,
            False,
            "processor",
        ),
        (Groups(why_not="not delegated"), False, False, "sessions start"),
        (Groups(why_not="not delegated"), True, False, "no session starts"),
    ],
)
def test_the_limits_of_a_machine_are_told_as_they_are(groups, as_root, ok, said):
    check = seal_checks.limits_with(groups, as_root=as_root)
    assert check.ok == ok
    assert said in check.message
    if not ok:
        assert check.needed == (said == "no session starts")
        for remedy in ("Delegate=", "systemd-run", "enable-linger", "daemon-reload"):
            assert remedy in check.remedy


@pytest.mark.sealed
def test_where_a_limit_does_not_hold_no_session_starts(sealable, monkeypatch):
    """Nothing counts the processes of root's sessions: the proof must find that out."""
    if os.geteuid() != 0:
        pytest.skip("an ordinary user's processes are counted by the kernel of the machine")
    monkeypatch.setattr("tre.hub.proof.groups_of_this_machine", Groups)
    assert "a sealed session still exceeds its processes" in prove_seal(this_machine())


@pytest.mark.sealed
def test_a_group_that_holds_nothing_is_found_out(sealable, monkeypatch):
    if not this_machine().groups:
        pytest.skip("this machine has no control groups")
    monkeypatch.setattr("tre.hub.session_limits.group_files", lambda *_: ())
    failures = prove_seal(this_machine())
    assert "a sealed session still exceeds its memory" in failures


@pytest.mark.sealed
def test_a_filter_that_is_not_there_is_found_out(sealable, monkeypatch):
    # one instruction: BPF_RET | BPF_K, allow
    allow_all = bytes.fromhex("060000000000ff7f")
    monkeypatch.setattr("tre.hub.proof.seccomp_filter", lambda _: allow_all)
    failures = " ".join(prove_seal(this_machine()))
    assert "reaches the hypervisor" in failures


def test_every_check_says_what_to_do_or_that_nothing_is(config):
    checks = examine(config)
    assert len({check.name for check in checks}) == len(checks) == len(EXAMINATIONS)
    for check in checks:
        assert check.message
        assert bool(check.remedy) == (not check.ok)
