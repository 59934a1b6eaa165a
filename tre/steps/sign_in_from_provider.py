"""Sign in by way of an identity provider: a known subject, with the provider's second factor."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tre.five_safes import Subject, decide
from tre.safe_people.account import has_providers_second_factor
from tre.safe_people.person import Person
from tre.steps.sign_in import NOBODY, SignInRefusedError, decision_in_words
from tre.steps.tre import Tre
from tre.store.identities import person_known_as
from tre.store.ledger import Line
from tre.store.people import read_person, write_person
from tre.vocabulary import Action

NOT_KNOWN = (
    "Your organisation knows you, but no account here is linked to you. Accounts are never made by "
    "themselves: ask the TRE manager to link yours."
)


def sign_in_from_provider(tre: Tre, claims: Mapping[str, Any]) -> Person:
    """Let somebody in whom the provider has recognised.

    claims: of an ID token whose signature, issuer, audience and time were verified.
    Raises SignInRefusedError, in words for whoever is refused, where no person here is linked to
    the subject, where the provider saw no second factor, or where the rules refuse.
    """
    issuer, subject = str(claims["iss"]).rstrip("/"), str(claims["sub"])
    with tre.store.writing() as change:
        known = person_known_as(change.connection, issuer, subject)
        found = read_person(change.connection, known) if known else None
        if found is None:
            refusal, rules = NOT_KNOWN, ["identity"]
        else:
            asked = has_providers_second_factor(
                amr=_words(claims.get("amr")),
                acr=str(claims.get("acr", "")),
                wanted=tre.config.oidc_second_factor,
            )
            if asked.allowed and found.second_factor_since is None:
                found = replace(found, second_factor_since=tre.now())
                write_person(change.connection, found)
            decision = asked.also(decide(found, Action.SIGN_IN, Subject(), on=tre.now()))
            refusal, rules = decision_in_words(decision), [r.rule for r in decision.reasons]
        details = {"with": "identity provider", **({"rules": rules} if rules else {})}
        change.record(
            Line(
                at=tre.now(),
                actor=found.id if found else NOBODY,
                tag=str(Action.SIGN_IN),
                outcome="refused" if rules else "done",
                details=details,
            )
        )
    if refusal or found is None:
        raise SignInRefusedError(refusal)
    return found


def _words(claim: object) -> frozenset[str]:
    """The methods of `amr`; anything but a list of words counts as none."""
    return frozenset(map(str, claim)) if isinstance(claim, list) else frozenset()
