"""A privacy budget that can be kept in a file: it refuses when spent, also between processes.

The arithmetic of composition is diffprivlib's (Kairouz, Oh & Viswanath 2017 where a slack is set).
"""

import json
import threading
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from math import isinf
from pathlib import Path
from typing import Any, Self

from output_checks.errors import (
    BudgetSpentError,
    ProtectionError,
    UnreadableDataError,
    unknown,
)
from output_checks.given import refuse_other, shown
from output_checks.protect.budget_file import budget_file, locked, read_budget, write_budget

_ROUNDING = 1 + 1e-12
"""So that 0.1 and 0.2 may be spent from 0.3, although their sum in binary is a little more."""
_CEILINGS = ("epsilon", "delta", "slack")
_LEAST, _GREATEST = 1e-15, 1e15
_LEAST_PART = 1e-13
"""Of a budget's epsilon, what a spend must be at least: less is lost in the sum of all."""
_MOST_SPENDS = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Spend:
    """One payment from a budget, and in words what for; never with data in it."""

    epsilon: float
    delta: float = 0.0
    purpose: str = ""


class PrivacyBudget:
    """How much privacy may be lost in all, and what was spent of it.

    epsilon, delta: the ceilings. slack: the part of delta that buys the tighter bound on many
    spends. Kept in memory, or in a file that `create` made: then every spend is on disk, under a
    lock, before the next one may begin. Whoever may delete the file may begin anew, so keep it
    where only the service that spends may write. Takes the place of diffprivlib's
    BudgetAccountant wherever this package asks for an accountant.
    """

    def __init__(
        self,
        epsilon: float,
        *,
        delta: float = 0.0,
        slack: float = 0.0,
        spent: Iterable[Spend] = (),
        path: Path | None = None,
    ) -> None:
        if not _is_number(epsilon) or epsilon < _LEAST:
            raise ProtectionError(
                f"a budget's epsilon must be a number above 0, from {_LEAST:g} to "
                f"{_GREATEST:g}, not {shown(epsilon)}"
            )
        if not _is_number(delta) or not 0 <= delta <= 1:
            raise ProtectionError(f"a budget's delta must be from 0 to 1, not {shown(delta)}")
        if not _is_number(slack) or not 0 <= slack <= delta:
            raise ProtectionError(
                f"a budget's slack must be from 0 to its delta, not {shown(slack)}"
            )
        self.epsilon, self.delta, self.slack = float(epsilon), float(delta), float(slack)
        self._spent = self._seen(spent)
        self._path = None if path is None else budget_file(path)
        self._turn = threading.Lock()
        self._spender: int | None = None

    def __repr__(self) -> str:
        known = f"{self.total()[0]:g} spent" if self._path is None else f"in {self._path.name}"
        return f"<PrivacyBudget epsilon={self.epsilon:g} delta={self.delta:g}, {known}>"

    @classmethod
    def create(
        cls, path: str | Path, epsilon: float, *, delta: float = 0.0, slack: float = 0.0
    ) -> Self:
        """Begin a budget in a file of its own.

        Raises ProtectionError where there is a file already: what was spent stays spent;
        UnreadableDataError where it cannot be written.
        """
        file = budget_file(path)
        begun = cls(epsilon, delta=delta, slack=slack, path=file)
        with begun._locked():
            if file.exists():
                raise ProtectionError(f"there is a file {file} already: open it, or name another")
            begun._save(())
        return begun

    @classmethod
    def open(
        cls,
        path: str | Path,
        epsilon: float | None = None,
        *,
        delta: float | None = None,
        slack: float | None = None,
    ) -> Self:
        """The budget that is kept in a file, which `create` made.

        epsilon, delta, slack: what its ceilings must be; None takes those in the file.
        Raises UnreadableDataError for a missing or damaged file: whoever deletes a budget has none
        left, and not a new one. Raises ProtectionError for one whose ceilings are others: a
        budget is not raised by opening it.
        """
        file = budget_file(path)
        kept = cls.from_json(read_budget(file))
        found = cls(
            kept.epsilon if epsilon is None else epsilon,
            delta=kept.delta if delta is None else delta,
            slack=kept.slack if slack is None else slack,
            path=file,
        )
        found._kept()
        return found

    @property
    def spent(self) -> tuple[Spend, ...]:
        """Every spend so far, the oldest first."""
        return self._spent if self._path is None else self._kept().spent

    @property
    def spent_budget(self) -> list[tuple[float, float]]:
        """The spends as diffprivlib has them: (epsilon, delta)."""
        return [(one.epsilon, one.delta) for one in self.spent]

    def total(self) -> tuple[float, float]:
        """(epsilon, delta) of all spends together."""
        return _composed(self.spent_budget, self.slack)

    def remaining(self, k: int = 1) -> tuple[float, float]:
        """(epsilon, delta) that each of k further spends may have; zeros where nothing is left."""
        if not isinstance(k, int) or isinstance(k, bool) or not 1 <= k <= _MOST_SPENDS:
            raise ProtectionError(
                f"k must be a whole number from 1 to {_MOST_SPENDS:,}, not {shown(k)}"
            )
        epsilon, delta = self.total()
        if epsilon >= self.epsilon or delta > self.delta:
            return 0.0, 0.0
        if not self.slack:  # without a slack, epsilons simply add up
            return (self.epsilon - epsilon) / k, float(self.accountant().remaining(k)[1])
        left = self.accountant().remaining(k)
        return float(left[0]), float(left[1])

    def accountant(self) -> Any:
        """A diffprivlib BudgetAccountant with the same ceilings and spends, a copy.

        Raises BudgetSpentError where more was spent than the ceilings allow.
        """
        from diffprivlib import BudgetAccountant  # noqa: PLC0415 - slow to import
        from diffprivlib.utils import BudgetError  # noqa: PLC0415

        try:
            return BudgetAccountant(
                epsilon=self.epsilon * _ROUNDING,
                delta=self.delta,
                slack=self.slack,
                spent_budget=self.spent_budget,
            )
        except BudgetError as error:
            raise BudgetSpentError("more was spent of the privacy budget than it allows") from error

    def check(self, epsilon: float, delta: float = 0.0) -> bool:
        """True where this may be spent now. Raises BudgetSpentError where not."""
        self._allow(self.spent, _payment(epsilon, delta))
        return True

    def spend(self, epsilon: float, delta: float = 0.0, purpose: str = "") -> "PrivacyBudget":
        """Enter a spend. Raises BudgetSpentError, and enters nothing, where it is too much."""
        with self.spending(epsilon, delta, purpose):
            return self

    @contextmanager
    def spending(
        self, epsilon: float, delta: float = 0.0, purpose: str = ""
    ) -> Generator["PrivacyBudget"]:
        """Pay for what is computed inside; it is entered when that has gone well.

        Nobody else spends from the same file meanwhile. What fails inside costs nothing, so
        nothing of it may be shown. Raises BudgetSpentError before anything inside is done.
        """
        payment = _payment(epsilon, delta, purpose)
        if self._spender == threading.get_ident():
            raise ProtectionError("this budget is being spent from already; spend once for both")
        with self._turn, self._locked():
            self._spender = threading.get_ident()
            try:
                before = self.spent
                self._allow(before, payment)
                yield self
                self._save((*before, payment))
            finally:
                self._spender = None

    def to_json(self) -> str:
        """The ceilings and every spend as JSON."""
        spent = [
            {"epsilon": one.epsilon, "delta": one.delta, "purpose": one.purpose}
            for one in self.spent
        ]
        ceilings = {name: getattr(self, name) for name in _CEILINGS}
        return json.dumps({**ceilings, "spent": spent}, ensure_ascii=False, indent=2)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read a budget strictly.

        Raises UnreadableDataError for what is not JSON, for a key that is unknown, missing or
        there twice, and for a value that is none of its kind.
        """
        refuse_other("a privacy budget", text, str, "a text of JSON", UnreadableDataError)
        try:
            content = json.loads(text, object_pairs_hook=_no_key_twice)
        except (ValueError, RecursionError) as error:  # also for a number of too many digits
            raise UnreadableDataError(f"the privacy budget is not valid JSON: {error}") from error
        ceilings = _exactly(content, (*_CEILINGS, "spent"), "the privacy budget")
        listed = ceilings.pop("spent")
        if not isinstance(listed, list):
            raise UnreadableDataError("the spends of a privacy budget are a list")
        try:
            return cls(**ceilings, spent=[_read_spend(one) for one in listed])
        except ProtectionError as error:
            raise UnreadableDataError(f"the privacy budget is damaged: {error}") from error

    def _seen(self, spent: Any) -> tuple[Spend, ...]:
        """Spends that were made before. Raises ProtectionError for what is none."""
        if not isinstance(spent, Iterable) or isinstance(spent, str | bytes):
            raise ProtectionError(f"spent must be a list of Spends, not {shown(spent)}")
        found = tuple(spent)
        for one in found:
            refuse_other("each of spent", one, Spend, "a Spend", ProtectionError)
            self._refuse_tiny(_payment(one.epsilon, one.delta, one.purpose))
        return found

    def _refuse_tiny(self, payment: Spend) -> None:
        least = self.epsilon * _LEAST_PART
        if payment.epsilon < least:
            raise ProtectionError(
                f"an epsilon spent from a budget of {self.epsilon:g} must be at least {least:g}, "
                f"not {payment.epsilon:g}"
            )

    def _allow(self, before: tuple[Spend, ...], payment: Spend) -> None:
        self._refuse_tiny(payment)
        spends = [(one.epsilon, one.delta) for one in (*before, payment)]
        epsilon, delta = _composed(spends, self.slack)
        if epsilon > self.epsilon * _ROUNDING or delta > self.delta * _ROUNDING:
            left, _ = self.remaining()
            raise BudgetSpentError(
                f"the privacy budget does not allow epsilon {payment.epsilon:g}: {left:.3g} is "
                f"left of {self.epsilon:g}"
            )

    def _kept(self) -> "PrivacyBudget":
        assert self._path is not None  # only called for a budget in a file
        kept = PrivacyBudget.from_json(read_budget(self._path))
        for name in _CEILINGS:
            if getattr(kept, name) != getattr(self, name):
                raise ProtectionError(
                    f"the budget in {self._path} has {name} {getattr(kept, name):g}, "
                    f"not {getattr(self, name):g}"
                )
        return kept

    def _save(self, spent: tuple[Spend, ...]) -> None:
        """All or nothing: a crash leaves the file as it was before, or as it is after."""
        if self._path is None:
            self._spent = spent
            return
        in_memory = PrivacyBudget(self.epsilon, delta=self.delta, slack=self.slack, spent=spent)
        write_budget(self._path, in_memory.to_json().encode())

    @contextmanager
    def _locked(self) -> Generator[None]:
        """Keep other processes, and other objects of this one, from the file."""
        if self._path is None:
            yield
            return
        with locked(self._path):
            yield


@contextmanager
def paying(accountant: Any, epsilon: Any, purpose: str = "") -> Generator[None]:
    """Pay for what is computed inside from a PrivacyBudget or a diffprivlib BudgetAccountant.

    Raises BudgetSpentError before anything is computed, ProtectionError for an epsilon or an
    accountant that is none. What fails inside costs nothing.
    """
    if isinstance(accountant, PrivacyBudget):
        with accountant.spending(epsilon, purpose=purpose):
            yield
        return
    ask_budget(accountant, epsilon)
    yield
    ask_budget(accountant, epsilon)  # somebody else may have spent from it meanwhile
    accountant.spend(float(epsilon), 0.0)


def ask_budget(accountant: Any, epsilon: Any) -> None:
    """See that a budget allows this epsilon, without spending it.

    accountant: a PrivacyBudget or a diffprivlib BudgetAccountant.
    Raises BudgetSpentError where it does not, ProtectionError for an epsilon or accountant that
    is none, and for one without a ceiling.
    """
    _see_amount(epsilon, 0.0)
    if isinstance(accountant, PrivacyBudget):
        accountant.check(epsilon)
        return
    from diffprivlib import BudgetAccountant  # noqa: PLC0415 - slow to import
    from diffprivlib.utils import BudgetError  # noqa: PLC0415

    if not isinstance(accountant, BudgetAccountant):
        raise ProtectionError(
            "accountant must be a PrivacyBudget or diffprivlib's BudgetAccountant, not "
            f"{shown(accountant)}"
        )
    if isinf(accountant.epsilon):
        raise ProtectionError(
            "the accountant has no ceiling, so that it would allow everything; say how much may "
            "be lost in all: BudgetAccountant(epsilon=…), or a PrivacyBudget"
        )
    try:
        accountant.check(float(epsilon), 0.0)
    except BudgetError as error:
        left = accountant.remaining(1)[0]
        raise BudgetSpentError(
            f"the privacy budget does not allow epsilon {epsilon:g}: {left:.3g} is left of "
            f"{accountant.epsilon:g}"
        ) from error
    except ValueError as error:
        raise ProtectionError(f"epsilon {epsilon!r}: {error}") from error


def _composed(spends: list[tuple[float, float]], slack: float) -> tuple[float, float]:
    from diffprivlib import BudgetAccountant  # noqa: PLC0415 - slow to import

    total = BudgetAccountant().total(spent_budget=spends, slack=slack)
    return float(total[0]), float(total[1])


def _see_amount(epsilon: Any, delta: Any) -> None:
    if not _is_number(epsilon) or epsilon <= 0:
        raise ProtectionError(
            f"epsilon must be a number above 0, up to {_GREATEST:g}, not {shown(epsilon)}"
        )
    if not _is_number(delta) or not 0 <= delta < 1:
        raise ProtectionError(f"delta must be from 0 to below 1, not {shown(delta)}")


def _payment(epsilon: Any, delta: Any, purpose: Any = "") -> Spend:
    """A spend that can be entered and kept. Raises ProtectionError for what is none."""
    _see_amount(epsilon, delta)
    refuse_other("the purpose of a spend", purpose, str, "a text", ProtectionError)
    try:
        purpose.encode()
    except UnicodeEncodeError as error:
        raise ProtectionError("the purpose of a spend must be a text of whole letters") from error
    return Spend(epsilon=float(epsilon), delta=float(delta), purpose=purpose)


def _is_number(value: Any) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and -_GREATEST <= value <= _GREATEST


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) != len(pairs):
        raise UnreadableDataError("a key of the privacy budget is there twice")
    return content


def _exactly(content: Any, keys: tuple[str, ...], what: str) -> dict[str, Any]:
    if not isinstance(content, dict):
        raise UnreadableDataError(f"{what} is a JSON object: {{…}}")
    for key in content:
        if key not in keys:
            raise UnreadableDataError(f"{what}: " + unknown("key", key, keys))
    for key in keys:
        if key not in content:
            raise UnreadableDataError(f'{what} lacks "{key}"')
    return content


def _read_spend(content: Any) -> Spend:
    spend = _exactly(content, ("epsilon", "delta", "purpose"), "a spend of the privacy budget")
    return _payment(**spend)
