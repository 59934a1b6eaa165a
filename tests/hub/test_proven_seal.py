"""When the seal is proved again."""

import os

import pytest

from tre.hub.preflight import CannotServeError
from tre.hub.proven_seal import FRESH_SECONDS, ProvenSeal, _what_matters


class Machine:
    """A machine that changes when told, and counts its proofs."""

    def __init__(self):
        self.state, self.now, self.proofs, self.holds = "as it was", 0.0, 0, True

    def prove(self):
        self.proofs += 1
        if not self.holds:
            raise CannotServeError("a sealed session still writes data")


@pytest.fixture
def machine():
    return Machine()


@pytest.fixture
def seal(machine):
    return ProvenSeal(machine.prove, lambda: machine.state, lambda: machine.now)


def test_a_proof_is_good_for_an_hour(machine, seal):
    for seconds, proofs in ((0, 1), (FRESH_SECONDS - 1, 1), (FRESH_SECONDS, 2)):
        machine.now = seconds
        seal.must_hold()
        assert machine.proofs == proofs


def test_a_changed_machine_is_proved_again(machine, seal):
    seal.must_hold()
    machine.state = "its switches were turned"
    seal.must_hold()
    assert machine.proofs == 2


def test_where_it_does_not_hold_nothing_is_remembered(machine, seal):
    seal.must_hold()
    machine.state, machine.holds = "changed", False
    for _ in range(2):
        with pytest.raises(CannotServeError, match="writes data"):
            seal.must_hold()
    machine.state = "as it was"
    with pytest.raises(CannotServeError):
        seal.must_hold()


def test_another_bubblewrap_is_another_machine(tmp_path, monkeypatch):
    fake = tmp_path / "bwrap"
    fake.write_text("one")
    fake.chmod(0o755)
    monkeypatch.setattr("tre.hub.machine._bubblewrap", lambda: fake)
    before = _what_matters()
    assert _what_matters() == before
    os.utime(fake, (1, 1))
    assert _what_matters() != before
