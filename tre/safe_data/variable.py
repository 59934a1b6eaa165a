"""What one variable means, and one table."""

from dataclasses import dataclass, replace

from tre.safe_data.deidentify.treatment import TO_MONTH, Treatment, default_treatment


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """One variable of the catalogue.

    type: string, integer, number, boolean, date, or text (what somebody wrote, in sentences).
    codes: every value it may have, or none. source: the register and item that it is made from.
    treatment: what is done to it before a researcher sees it, None for what is usual for its type.
    """

    name: str
    type: str
    description: str
    codes: tuple[str, ...]
    source: str
    treatment: Treatment | tuple[Treatment, ...] | None = None

    def treated(self) -> tuple[Treatment, ...]:
        """What is done to it: a date that names nothing is given to the month."""
        if isinstance(self.treatment, tuple):
            return self.treatment
        return (self.treatment or default_treatment(self.type) or TO_MONTH,)


@dataclass(frozen=True, slots=True, kw_only=True)
class TableDescription:
    """One table. unit: what one row is about. also: columns that name further people of a row."""

    name: str
    description: str
    unit: str
    variables: tuple[Variable, ...]
    also: tuple[Variable, ...] = ()

    def names(self) -> tuple[str, ...]:
        """The names of its variables, in order."""
        return tuple(variable.name for variable in self.variables)

    def only(self, names: set[str]) -> "TableDescription":
        """The table with these of its variables, in its own order."""
        return replace(self, variables=tuple(v for v in self.variables if v.name in names))

    def joined(self, other: "TableDescription") -> "TableDescription":
        """The table with the other's variables after its own; its own description stays."""
        return replace(self, variables=(*self.variables, *other.variables))
