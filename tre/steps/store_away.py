"""Whether the store answers: for those in front of the steps, who may not touch it themselves."""

from sqlalchemy import select

from tre.steps.tre import Tre
from tre.store.store import StoreUnavailableError
from tre.store.tables import ledger

STORE_AWAY = StoreUnavailableError
"""What every step raises when the database does not answer; nothing of the step was done."""


def store_answers(tre: Tre) -> bool:
    """Ask the store for its latest entry and say whether it could be read."""
    try:
        with tre.store.reading() as connection:
            connection.execute(select(ledger.c.number).limit(1)).first()
    except STORE_AWAY:
        return False
    return True
