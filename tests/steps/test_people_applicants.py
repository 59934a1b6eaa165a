"""The demonstration's applications: in their states, once, however often a build is tried."""

from tests.demo import Demo
from tre.steps.apply_for_accreditation import my_applications
from tre.steps.decide_application import one_application
from tre.steps.demo_applicants import APPLICATIONS, bring_applicants


def test_one_application_waits_and_one_has_come_back(demo: Demo) -> None:
    for _ in range(2):
        bring_applicants(demo.tre, "mia")
        states = {
            a.person: [str(m.state) for m in my_applications(demo.tre, a.person)]
            for a in APPLICATIONS
        }
        assert states == {"finn": ["submitted"], "bola": ["returned"]}
    (waiting,) = my_applications(demo.tre, "finn")
    assert one_application(demo.tre, "mia", waiting.number).against_a_grant.allowed
