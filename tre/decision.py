"""A decision about an action, with every reason for a refusal and not only the first."""

from dataclasses import dataclass

from tre.vocabulary import Safe


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why something is refused, in words that its reader can act on.

    rule: the rule's name, stable, as the documentation lists it ("accreditation in date").
    sentence: what is wrong and what would put it right; never another person's private facts.
    """

    safe: Safe
    rule: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.safe}: {self.sentence}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Allowed exactly when nothing speaks against it."""

    reasons: tuple[Reason, ...] = ()

    @property
    def allowed(self) -> bool:
        """Whether no rule refused."""
        return not self.reasons

    def __bool__(self) -> bool:
        """Refuse to be read as a truth value: say `.allowed`, so that no check is misread."""
        message = "ask decision.allowed; a Decision is not a truth value"
        raise TypeError(message)

    def also(self, other: "Decision") -> "Decision":
        """Both must hold; every reason of both is kept, in order."""
        return Decision(reasons=(*self.reasons, *other.reasons))


ALLOWED = Decision()


def refuse(safe: Safe, rule: str, sentence: str) -> Decision:
    """Say no, for one reason."""
    return Decision(reasons=(Reason(safe=safe, rule=rule, sentence=sentence),))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One thing that must hold, as the documentation lists it.

    name: stable and short; it is also the `rule` of the reasons that it gives.
    sentence: what must hold, in words for everybody. source: who asks for it.
    """

    name: str
    safe: Safe
    sentence: str
    source: str

    def refuses(self, sentence: str) -> Decision:
        """Say no in this rule's name; the sentence is for the person who is refused."""
        return refuse(self.safe, self.name, sentence)


class RefusedError(Exception):
    """A step was asked for something that the Five Safes do not allow."""

    def __init__(self, decision: Decision):
        self.decision = decision
        super().__init__("\n".join(str(reason) for reason in decision.reasons))


class UnusableRequestError(Exception):
    """What was asked cannot be done as it stands; the message says what would be right."""


class NotThereError(UnusableRequestError):
    """There is no such thing, or the asker may not know that there is."""


class OvertakenError(UnusableRequestError):
    """Somebody else changed it first; look again and repeat what still makes sense."""
