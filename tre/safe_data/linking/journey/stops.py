"""The route as data: who hands what to whom, in which order, and what becomes of it."""

from dataclasses import asdict, dataclass
from typing import Any

from tre.safe_data.linkages.linkage import Linkage
from tre.safe_data.linking.journey.person import traveller
from tre.safe_data.linking.separation.kinds import kind_by_name
from tre.safe_data.linking.separation.layout import SRS_NAME
from tre.safe_data.linking.separation.record import RunRecord
from tre.safe_data.linking.transfer import Transfer

TRUST = "South London and Maudsley NHS Foundation Trust"


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """One file. columns: its columns, () where none are known. rows: None where nothing ran yet."""

    name: str
    columns: tuple[str, ...]
    rows: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """One step of the journey.

    title: what happens, in a few words. says: the same about the traveller, in a sentence or two.
    carries: the files. legal_basis: "" where nothing is handed over. destroyed: SHA-256 of what
    is destroyed here.
    """

    number: int
    sender: str
    receiver: str
    title: str
    says: str
    carries: tuple[Carried, ...] = ()
    legal_basis: str = ""
    destroyed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """The whole way of one person's identifiers.

    linkage, title: of the description. who: the invented person. ran: what the run says about
    itself, "" where there is none. meets: where the two streams come together. back: whether the
    records come back to the sender of the identifiers, and do not go into the SRS.
    """

    linkage: str
    title: str
    register: str
    who: str
    ran: str
    supplier: str
    matcher: str
    holder: str
    meets: str
    back: bool
    pseudonym: str
    identifiers: tuple[str, ...]
    stops: tuple[Stop, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON."""
        return asdict(self)


def journey(linkage: Linkage, run: RunRecord | None) -> Journey:
    """Draw up the journey from the description, and from the record of a run where there is one."""
    letters, brought = _sorted_out(linkage, run)
    return Journey(
        linkage=linkage.id,
        title=linkage.title,
        register=linkage.register,
        who=traveller(linkage.id).introduced,
        ran=_ran(run),
        supplier=linkage.supplier,
        matcher=linkage.matcher,
        holder=linkage.holder,
        meets=linkage.place,
        back=linkage.place != SRS_NAME,
        pseudonym=linkage.pseudonym,
        identifiers=linkage.identifiers,
        stops=(
            _letter(linkage, letters),
            _matching(linkage, run),
            _records(linkage, brought),
            _clinical(linkage),
            _extract(linkage),
        ),
    )


def _sorted_out(
    linkage: Linkage, run: RunRecord | None
) -> tuple[tuple[Transfer, ...], tuple[Transfer, ...]]:
    """The letters of identifiers, and what the holder brought."""
    moved = run.transfers if run else ()
    letters = [t for t in moved if any(kind_by_name(c, linkage.identifiers) for c in t.columns)]
    brought = [t for t in moved if t.sender == linkage.holder and t not in letters]
    return tuple(letters), tuple(brought)


def _ran(run: RunRecord | None) -> str:
    if run is None:
        return ""
    told = run.told
    return (
        f"version {run.version}, {told['on']}: {told['sent']:,} people sent, "
        f"{told['matched']:,} matched, {told['opted_out']:,} opted out before anything left"
    )


def _letter(linkage: Linkage, letters: tuple[Transfer, ...]) -> Stop:
    name = traveller(linkage.id).name
    columns = (linkage.pseudonym, *linkage.identifiers)
    carries = [Carried(name="letter", columns=t.columns, rows=t.rows) for t in letters]
    return Stop(
        number=1,
        sender=linkage.supplier,
        receiver=linkage.matcher,
        title="Identifiers, and nothing clinical",
        says=(
            f"Unless {name} has objected, one row about {name} is written into a letter: who they "
            "are, and a pseudonym that means nothing to anybody else. Not a word about health."
        ),
        carries=tuple(carries) or (Carried(name="letter", columns=columns, rows=None),),
        legal_basis=linkage.identifier_basis,
    )


def _matching(linkage: Linkage, run: RunRecord | None) -> Stop:
    name = traveller(linkage.id).name
    return Stop(
        number=2,
        sender=linkage.matcher,
        receiver=linkage.matcher,
        title="Matched, then destroyed",
        says=(
            f"{linkage.matcher} looks for {name} in its own register, which knows {name} already. "
            "It keeps the pseudonym beside a research pseudonym of its own, and destroys the "
            "letter; the hash of what was destroyed is kept."
        ),
        destroyed=run.destroyed if run else (),
    )


def _records(linkage: Linkage, brought: tuple[Transfer, ...]) -> Stop:
    name = traveller(linkage.id).name
    where = "come back" if linkage.place != SRS_NAME else "go into the Secure Research Service"
    return Stop(
        number=3,
        sender=linkage.holder,
        receiver=linkage.place,
        title="Records without identifiers",
        says=(
            f"{name}'s records in the {linkage.register} {where} under the pseudonym alone: every "
            "name, date of birth, number and address stays behind."
        ),
        carries=tuple(
            Carried(name=t.purpose.rpartition(": ")[2], columns=t.columns, rows=t.rows)
            for t in brought
        ),
        legal_basis=linkage.access_basis,
    )


def _clinical(linkage: Linkage) -> Stop:
    name = traveller(linkage.id).name
    return Stop(
        number=4,
        sender=linkage.supplier,
        receiver=linkage.place,
        title="One project's health records",
        says=(
            f"For one approved project, and only for it, {name}'s anonymised health records are "
            f"brought to the same place under the same pseudonym. The two meet at "
            f"{linkage.place} and nowhere else."
        ),
        legal_basis=linkage.access_basis,
    )


def _extract(linkage: Linkage) -> Stop:
    name = traveller(linkage.id).name
    return Stop(
        number=5,
        sender=linkage.place,
        receiver="a researcher of one project",
        title="A pseudonym for one project",
        says=(
            f"A researcher meets {name} as a row without a name, with the variables that the "
            "project was granted, under a pseudonym that no other project has: two extracts "
            "share no pseudonym."
        ),
    )


def never_together(trip: Journey) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What each party ever holds of the traveller: a name, then one word for each of HELD."""
    theirs = "anonymised" if trip.meets == SRS_NAME else "without a name"
    return (
        (trip.supplier, ("its own patients", "yes", "never", "yes", "never")),
        (trip.matcher, ("own register; the letter until matched", "never", "yes",
                        "yes", "never")),
        (f"{trip.meets}: research" if trip.back else trip.meets,
         ("never", theirs, "without a name", "yes", "while it is made")),
        ("A researcher", ("never", "if granted", "if granted", "never", "yes")),
    )  # fmt: skip


HELD = (
    "Name, birth, address",
    "Health records",
    "The register's records",
    "CRIS pseudonym",
    "Project's pseudonym",
)
"""The columns of what each party ever holds."""
