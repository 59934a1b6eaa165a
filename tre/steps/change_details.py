"""Change what somebody is called, where they work, and where mail reaches them."""

from dataclasses import replace

from tre.five_safes import Subject
from tre.steps.acting import acting, known_person
from tre.steps.record_person import refuse_unusable
from tre.steps.telling import News, tell
from tre.steps.texts import usable_line
from tre.steps.tre import Tre
from tre.store.people import write_person
from tre.store.telling import write_mail
from tre.vocabulary import Action, PersonId


def change_details(
    tre: Tre, actor: PersonId, person: PersonId, *, name: str, organisation: str, email: str
) -> None:
    """Change somebody's name, organisation and e-mail address ("" for none); they are told.

    The notice goes to the old address as well as the new one, so that nobody is moved unseen.
    Raises UnusableRequestError for what cannot be.
    """
    name = usable_line(name, what="name")
    organisation = usable_line(organisation, what="organisation")
    with acting(tre, actor, Action.RECORD_PERSON) as act:
        act.require(Subject(person=person))
        found = known_person(act.connection, person)
        changed = replace(found, name=name, organisation=organisation, email=email.strip())
        refuse_unusable(changed)
        fields = [
            field
            for field in ("name", "organisation", "email")
            if getattr(found, field) != getattr(changed, field)
        ]
        if not fields:
            return
        news = News(
            title="Your details were changed",
            text=f"The TRE manager changed your {', '.join(fields)}. If that is wrong, tell them.",
            path="/me",
        )
        if "email" in fields and found.email:
            body = f"{news.text}\n"
            write_mail(act.connection, person, subject=news.title, text=body, at=act.at)
        write_person(act.connection, changed)
        tell(act.tre, act.connection, person, news)
        act.record({"changed": fields}, tag=TAG, person=person)


TAG = "people:person:details"
