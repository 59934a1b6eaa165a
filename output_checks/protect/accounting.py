"""A privacy budget that can be kept in a file: it refuses when spent, also between processes.

The arithmetic of composition is diffprivlib's (Kairouz, Oh & Viswanath 2017 where a slack is set).
"""

import json
import os
import threading
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Self

from output_checks.errors import (
    BudgetSpentError,
    ProtectionError,
    UnreadableDataError,
    unknown,
)

_ROUNDING = 1 + 1e-12
"""So that 0.1 and 0.2 may be spent from 0.3, although their sum in binary is a little more."""
_CEILINGS = ("epsilon", "delta", "slack")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spend:
    """One payment from a budget, and in words what for; never with data in it."""

    epsilon: float
    delta: float = 0.0
    purpose: str = ""


class PrivacyBudget:
    """How much privacy may be lost in all, and what was spent of it.

    epsilon, delta: the ceilings. slack: the part of delta that buys the tighter bound on many
    spends. Kept in memory, or in a file where `open` made it: then every spend is on disk, under
    a lock, before the next one may begin. Takes the place of diffprivlib's BudgetAccountant
    wherever this package asks for an accountant.
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
        if not _is_number(epsilon) or epsilon <= 0:
            raise ProtectionError(f"a budget's epsilon must be a number above 0, not {epsilon!r}")
        if not _is_number(delta) or not 0 <= delta <= 1:
            raise ProtectionError(f"a budget's delta must be from 0 to 1, not {delta!r}")
        if not _is_number(slack) or not 0 <= slack <= delta:
            raise ProtectionError(f"a budget's slack must be from 0 to its delta, not {slack!r}")
        self.epsilon, self.delta, self.slack = float(epsilon), float(delta), float(slack)
        self._spent = tuple(spent)
        self._path = path
        self._turn = threading.Lock()
        self._spender: int | None = None

    @classmethod
    def open(
        cls, path: str | Path, epsilon: float, *, delta: float = 0.0, slack: float = 0.0
    ) -> Self:
        """The budget that is kept in a file; made with these ceilings where there is no file.

        Raises UnreadableDataError for a damaged file, ProtectionError for one whose ceilings are
        others: a budget is not raised by opening it.
        """
        asked = cls(epsilon, delta=delta, slack=slack, path=Path(path))
        with asked._locked():
            if not Path(path).exists():
                asked._save(())
        kept = asked._kept()
        for name in _CEILINGS:
            if getattr(kept, name) != getattr(asked, name):
                raise ProtectionError(
                    f"the budget in {path} has {name} {getattr(kept, name):g}, "
                    f"not {getattr(asked, name):g}"
                )
        return asked

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
        _see_amount(epsilon, delta)
        self._allow(self.spent, Spend(epsilon=float(epsilon), delta=float(delta)))
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
        _see_amount(epsilon, delta)
        payment = Spend(epsilon=float(epsilon), delta=float(delta), purpose=purpose)
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
        try:
            content = json.loads(text, object_pairs_hook=_no_key_twice)
        except (json.JSONDecodeError, RecursionError) as error:
            raise UnreadableDataError(f"the privacy budget is not valid JSON: {error}") from error
        ceilings = _exactly(content, (*_CEILINGS, "spent"), "the privacy budget")
        listed = ceilings.pop("spent")
        if not isinstance(listed, list):
            raise UnreadableDataError("the spends of a privacy budget are a list")
        try:
            return cls(**ceilings, spent=[_read_spend(one) for one in listed])
        except ProtectionError as error:
            raise UnreadableDataError(f"the privacy budget is damaged: {error}") from error

    def _allow(self, before: tuple[Spend, ...], payment: Spend) -> None:
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
        try:
            text = self._path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise UnreadableDataError(
                f"the privacy budget {self._path} cannot be read: {error}"
            ) from error
        return PrivacyBudget.from_json(text)

    def _save(self, spent: tuple[Spend, ...]) -> None:
        """All or nothing: a crash leaves the file as it was before, or as it is after."""
        self._spent = spent
        if self._path is None:
            return
        in_memory = PrivacyBudget(self.epsilon, delta=self.delta, slack=self.slack, spent=spent)
        with NamedTemporaryFile(
            "w", encoding="utf-8", dir=self._path.parent, prefix=".", delete=False
        ) as file:
            file.write(in_memory.to_json())
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).replace(self._path)

    @contextmanager
    def _locked(self) -> Generator[None]:
        """Keep other processes, and other objects of this one, from the file."""
        if self._path is None:
            yield
            return
        import fcntl  # noqa: PLC0415 - a budget in memory needs no POSIX

        try:
            lock = self._path.with_name(self._path.name + ".lock").open("a")
        except OSError as error:
            raise UnreadableDataError(f"{self._path} cannot be locked: {error}") from error
        with lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
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
    accountant.spend(float(epsilon), 0.0)


def ask_budget(accountant: Any, epsilon: Any) -> None:
    """See that a budget allows this epsilon, without spending it.

    accountant: a PrivacyBudget or a diffprivlib BudgetAccountant.
    Raises BudgetSpentError where it does not, ProtectionError for an epsilon or accountant that
    is none.
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
            f"{type(accountant).__name__}"
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
        raise ProtectionError(f"epsilon must be a number above 0, not {epsilon!r}")
    if not _is_number(delta) or not 0 <= delta < 1:
        raise ProtectionError(f"delta must be from 0 to below 1, not {delta!r}")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


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
    _see_amount(spend["epsilon"], spend["delta"])
    if not isinstance(spend["purpose"], str):
        raise UnreadableDataError("the purpose of a spend is a text")
    return Spend(**spend)
