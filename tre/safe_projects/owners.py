"""What each data owner decides about its own dataset, before a panel is asked."""

from collections.abc import Collection

from tre.decision import ALLOWED, Decision, Rule
from tre.safe_projects.application import Application, AskedDataset, Choice, OwnerDecision
from tre.safe_projects.project import GrantedDataset
from tre.vocabulary import Safe

CONTROLLER = Rule(
    name="controller",
    safe=Safe.DATA,
    sentence="A data owner decides about the data of their own organisation, and no others.",
    source="Five Safes: each dataset granted by its controller",
)
GRANTED = Rule(
    name="no more than was asked",
    safe=Safe.DATA,
    sentence="A grant names variables that were asked for, at least one, and no others.",
    source="Five Safes: minimisation",
)


def acts_for(organisation: str, controller: str | None) -> Decision:
    """Ask that the owner's organisation is the controller of the dataset."""
    if controller is not None and organisation == controller:
        return ALLOWED
    whose = f"those of {controller}" if controller else "not asked for here"
    return CONTROLLER.refuses(
        f"you decide for {organisation}, and these data are {whose}. Leave it to their owner."
    )


def grants_no_more(asked: AskedDataset, granted: Collection[str]) -> Decision:
    """Ask that a grant stays within what was asked for."""
    beyond = sorted(set(granted) - set(asked.names))
    if beyond:
        return GRANTED.refuses(
            f"{', '.join(beyond)} was not asked for. Grant what the application asks for, or less."
        )
    if not granted:
        return GRANTED.refuses("a grant names at least one variable. Refuse it, if none may go.")
    return ALLOWED


def standing_grant(application: Application, asked: AskedDataset) -> OwnerDecision | None:
    """The owner's latest word on this ask, if it is a grant; another ask needs another word."""
    latest = latest_decision(application, asked)
    return latest if latest is not None and latest.choice is Choice.APPROVE else None


def latest_decision(application: Application, asked: AskedDataset) -> OwnerDecision | None:
    """The owner's latest word on this very ask, or None."""
    said = [
        decision
        for decision in application.decisions
        if decision.dataset == asked.dataset and decision.round >= asked.changed_in
    ]
    return said[-1] if said else None


def undecided(application: Application) -> tuple[AskedDataset, ...]:
    """What is asked for and not granted: the rest that the owners must still decide."""
    return tuple(one for one in application.asked if standing_grant(application, one) is None)


def waits_for(application: Application, organisation: str) -> tuple[AskedDataset, ...]:
    """Which datasets wait for the word of an organisation."""
    return tuple(one for one in undecided(application) if one.controller == organisation)


def grants(application: Application) -> tuple[GrantedDataset, ...]:
    """What the project is granted: of each dataset what its owner let it have."""
    found = []
    for asked in application.asked:
        decision = standing_grant(application, asked)
        if decision is not None:
            found.append(granted(asked, decision))
    return tuple(found)


def granted(asked: AskedDataset, decision: OwnerDecision) -> GrantedDataset:
    """One dataset as it is granted; the years are those that were asked for."""
    return GrantedDataset(
        dataset=asked.dataset,
        controller=asked.controller,
        variables=tuple(name for name in asked.names if name in decision.variables),
        granted_on=decision.at.date(),
        place=asked.place,
        passport_trust=asked.passport_trust,
        policy=asked.policy,
        since_year=asked.since_year,
        until_year=asked.until_year,
    )
