"""People with several roles, documents and sanctions are read whole, each part of them once."""

from dataclasses import replace
from datetime import date

from sqlalchemy import event

from tests.demo_people import ADA, BOLA, CORA, DENIZ, KINGS, ONS, PASSPORT
from tre.safe_people.person import Sanction
from tre.steps.tre import Tre
from tre.store.people import read_people, write_person, write_sanction
from tre.vocabulary import Role

SINCE = date(2026, 1, 5)


def ban(reason: str) -> Sanction:
    return Sanction(on_organisation=False, since=SINCE, until=None, reason=reason)


def test_parts_that_meet_in_one_statement_are_told_apart(any_tre: Tre) -> None:
    second = replace(PASSPORT, trust="Barts", reference="HRP-7")
    ada = replace(
        ADA, roles=frozenset({Role.RESEARCHER, Role.TRAINER}), passports=(PASSPORT, second)
    )
    with any_tre.store.writing() as change:
        for person in (ada, BOLA, CORA, DENIZ):
            write_person(change.connection, person)
        write_sanction(change.connection, ban("first"), person="ada")
        write_sanction(change.connection, ban("second"), organisation=KINGS)
        write_sanction(change.connection, ban("third"), person="ada")
        write_sanction(change.connection, ban("elsewhere"), organisation=ONS)
    with any_tre.store.reading() as connection:
        found = read_people(connection)
        some = read_people(connection, ["cora", "ada", "nobody", "ada"])
    assert list(found) == ["ada", "bola", "cora", "deniz"]
    assert some == {"ada": found["ada"], "cora": found["cora"]}
    assert found["ada"].roles == ada.roles
    assert found["ada"].passports == (PASSPORT, second)
    assert [(one.reason, one.on_organisation) for one in found["ada"].sanctions] == [
        ("first", False),
        ("second", True),
        ("third", False),
    ]
    assert [one.reason for one in found["bola"].sanctions] == ["second"]  # of King's as well
    assert [one.reason for one in found["cora"].sanctions] == ["elsewhere"]
    assert replace(found["deniz"], sanctions=()) == DENIZ


def test_people_are_read_in_one_statement_and_nobody_in_none(any_tre: Tre) -> None:
    asked: list[str] = []
    with any_tre.store.writing() as change:
        for person in (ADA, BOLA, CORA):
            write_person(change.connection, person)
    with any_tre.store.reading() as connection:
        event.listen(
            connection, "before_cursor_execute", lambda *told: asked.append(told[2]), named=False
        )
        assert len(read_people(connection, ["ada", "bola"])) == 2
        assert len(asked) == 1
        assert read_people(connection, []) == {}
        assert len(asked) == 1
