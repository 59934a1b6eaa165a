"""Say as whom the identity provider knows somebody: only then can they come in by way of it."""

import secrets
from dataclasses import replace

from tre.decision import UnusableRequestError
from tre.five_safes import Subject
from tre.steps.acting import acting, known_person
from tre.steps.passwords import hash_of_password
from tre.steps.tre import Tre
from tre.store.credentials import Credentials, replace_recovery_codes, write_credentials
from tre.store.identities import keep_identity, person_known_as
from tre.store.people import write_person
from tre.vocabulary import Action, PersonId

TAG = "people:account:identity"
LONGEST_SUBJECT = 255


def link_identity(tre: Tre, actor: PersonId, person: PersonId, subject: str) -> None:
    """Link somebody to the subject under which the provider of the settings knows them.

    Their password and recovery codes here count no more: one door is enough. Raises
    UnusableRequestError where no provider is set, or the subject is another's.
    """
    issuer = tre.config.oidc_issuer.rstrip("/")
    if not issuer:
        message = "no identity provider is set: write oidc_issuer into the settings first"
        raise UnusableRequestError(message)
    if not 0 < len(subject) <= LONGEST_SUBJECT or not subject.isprintable():
        message = f"a subject has 1 to {LONGEST_SUBJECT} characters that can be seen"
        raise UnusableRequestError(message)
    nobodys = hash_of_password(secrets.token_urlsafe(48))
    with acting(tre, actor, Action.RECOVER_ACCOUNT) as act:
        act.require(Subject(person=person))
        found = known_person(act.connection, person)
        if person_known_as(act.connection, issuer, subject) not in {None, person}:
            message = "this subject is another person's; look it up again"
            raise UnusableRequestError(message)
        keep_identity(act.connection, person, issuer, subject, act.at)
        write_person(act.connection, replace(found, temporary_password=False))
        write_credentials(
            act.connection, person, Credentials(password_hash=nobodys, totp_secret="")
        )
        replace_recovery_codes(act.connection, person, ())
        act.record({"issuer": issuer}, tag=TAG, person=person)
