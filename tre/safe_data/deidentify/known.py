"""What is known of a patient, to be looked for in the notes about them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Identifiers of one patient, as plain values from the structured record.

    names: first, last, former names and aliases. relatives: names of relatives and carers.
    addresses: present and past, with commas between their parts. nhs_numbers, phones: as digits,
    with or without spaces, also of relatives. A name of several words may be given as one text.
    """

    names: tuple[str, ...] = ()
    relatives: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    nhs_numbers: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()


NOBODY = Known()
