"""Bring the demonstration's applications for accreditation to the states that a visitor meets."""

from dataclasses import dataclass, replace
from datetime import timedelta

from tre.safe_people.applications import ApplicationEvent, Basis, Evidence
from tre.safe_people.declarations import DECLARATIONS
from tre.steps.apply_for_accreditation import (
    my_applications,
    submit_application,
    write_application,
)
from tre.steps.decide_application import decide_application
from tre.steps.people import load_person
from tre.steps.tre import Tre
from tre.vocabulary import PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoApplication:
    """returned_because: "" leaves it with the TRE manager, to be decided by a visitor."""

    person: PersonId
    told: Evidence
    returned_because: str = ""


APPLICATIONS = (
    DemoApplication(
        person="finn",
        told=Evidence(
            basis=Basis.DEGREE,
            qualification="MSc Applied Statistics, University of Leeds, 2021: all of it statistics",
            training_certificate="SRT-4711",
        ),
    ),
    DemoApplication(
        person="bola",
        told=Evidence(
            basis=Basis.EXPERIENCE,
            qualification="Research associate, King's College London, 2017-25: survival models",
            quantitative_months=96,
            training_certificate="SRT-1034",
        ),
        returned_because="The certificate SRT-1034 is of another course: which one did you take?",
    ),
)


def bring_applicants(tre: Tre, manager: PersonId) -> None:
    """Apply as the demonstration's applicants do; whoever has applied already is left alone."""
    for demo in APPLICATIONS:
        if my_applications(tre, demo.person):
            continue
        told = replace(
            demo.told,
            training_passed=tre.now().date() - timedelta(days=90),
            declaration_version=DECLARATIONS[-1].version,
            declared_as=load_person(tre, demo.person).name,
        )
        write_application(tre, demo.person, told)
        number = submit_application(tre, demo.person)
        if demo.returned_because:
            event = ApplicationEvent.RETURN
            decide_application(tre, manager, number, event, demo.returned_because)
