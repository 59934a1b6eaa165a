"""How often one person may ask, so that nobody's loop keeps others waiting."""

from dataclasses import dataclass, field

from tre.vocabulary import PersonId

AT_ONCE = 20
"""Letters that a person who has been quiet may send at once."""

SECONDS_EACH = 2.0
"""After that, one letter in this many seconds."""


@dataclass(slots=True)
class Rates:
    """What each person may still send; a letter too many waits in its outbox, it is not lost."""

    left: dict[PersonId, tuple[float, float]] = field(default_factory=dict)

    def may_send(self, person: PersonId, now_seconds: float) -> bool:
        """Say whether a letter of this person may be taken now, and count it if so.

        now_seconds: a clock that never goes back.
        """
        allowance, since = self.left.get(person, (float(AT_ONCE), now_seconds))
        allowance = min(float(AT_ONCE), allowance + (now_seconds - since) / SECONDS_EACH)
        taken = allowance >= 1
        self.left[person] = (allowance - 1 if taken else allowance, now_seconds)
        return taken
