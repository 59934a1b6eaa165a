"""Variables of a register's tables, each with the item of the data dictionary that it is from."""

from dataclasses import dataclass, replace

from tre.safe_data.deidentify.treatment import ICD10_CATEGORY, RARE_GROUPED
from tre.safe_data.variable import Variable


@dataclass(frozen=True, slots=True, kw_only=True)
class Items:
    """Variables made from one data dictionary. dictionary: its name, as readers can look it up."""

    dictionary: str

    def text(self, name: str, description: str, item: str, codes: tuple[str, ...] = ()) -> Variable:
        """A string, one of `codes` where there are any."""
        return self._of("string", name, description, item, codes)

    def diagnosis(self, name: str, description: str, item: str) -> Variable:
        """An ICD-10 code; researchers get its category, and the rare ones together."""
        told = self._of("string", name, description, item)
        return replace(told, treatment=(ICD10_CATEGORY, RARE_GROUPED))

    def procedure(self, name: str, description: str, item: str) -> Variable:
        """A code of an operation; researchers get the rare ones together."""
        return replace(self._of("string", name, description, item), treatment=RARE_GROUPED)

    def day(self, name: str, description: str, item: str) -> Variable:
        """A date."""
        return self._of("date", name, description, item)

    def whole(self, name: str, description: str, item: str) -> Variable:
        """A whole number; its unit is in the description."""
        return self._of("integer", name, description, item)

    def number(self, name: str, description: str, item: str) -> Variable:
        """A number with decimals; its unit is in the description."""
        return self._of("number", name, description, item)

    def flag(self, name: str, description: str, item: str) -> Variable:
        """True or false."""
        return self._of("boolean", name, description, item)

    def _of(
        self, kind: str, name: str, description: str, item: str, codes: tuple[str, ...] = ()
    ) -> Variable:
        source = f"{self.dictionary}: {item}"
        return Variable(name=name, type=kind, description=description, codes=codes, source=source)
