"""The rules of separation, each with a name and a sentence: one function says where it broke."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tre.safe_data.files import sha256_of
from tre.safe_data.linkages.linkage import Linkage
from tre.safe_data.linking.separation.described import undescribed
from tre.safe_data.linking.separation.holdings import HeldFile, attributes_of
from tre.safe_data.linking.separation.kinds import Kind, kind_by_name
from tre.safe_data.linking.separation.layout import (
    CRIS,
    CRIS_COLUMNS,
    NOTE_TEXT,
    NOTES,
    POST,
    RESULTS,
    SRS_NAME,
    SUPPLIER,
    TRUTH,
    is_register,
    known_file,
    register_of,
)
from tre.safe_data.linking.separation.record import RunRecord
from tre.safe_data.linking.transfer import Transfer

Found = Iterator[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Everything that the rules look at.

    transfers: all that were recorded. runs: all that are finished. files: what every party
    holds. busy: linkages that are being run now.
    """

    parties: Path
    linkages: dict[str, Linkage]
    transfers: tuple[Transfer, ...]
    runs: tuple[RunRecord, ...]
    files: tuple[HeldFile, ...]
    busy: tuple[str, ...] = ()

    def identifying(self, transfer: Transfer) -> tuple[str, ...]:
        """The columns of what was sent that say who somebody is."""
        described = self.linkages.get(transfer.linkage)
        listed = described.identifiers if described else ()
        return tuple(c for c in transfer.columns if kind_by_name(c, listed) is not None)

    def letters(self) -> tuple[Transfer, ...]:
        """The files of identifiers that were sent."""
        return tuple(each for each in self.transfers if self.identifying(each))

    def held_by(self, *parties: str) -> tuple[HeldFile, ...]:
        """The files of these parties; their post is another rule's."""
        return tuple(f for f in self.files if f.party in parties and not is_post(f.path))

    def apart_from(self, *parties: str) -> tuple[HeldFile, ...]:
        """The files of all parties but these, and never the truth."""
        return tuple(
            f for f in self.files if f.party not in {TRUTH, *parties} and not is_post(f.path)
        )


def is_post(path: str) -> bool:
    """Whether a file lies in a box for post."""
    return POST in path.split("/")[1:-1]


def sent(transfer: Transfer) -> str:
    """Name a transfer in words."""
    return f"{transfer.linkage} on {transfer.on}: {transfer.sender} to {transfer.receiver}"


def letters_hold_identifiers_alone(evidence: Evidence) -> Found:
    """The pseudonym, the identifiers of the description, and no other column."""
    for letter in evidence.letters():
        described = evidence.linkages.get(letter.linkage)
        if described is None:
            yield sent(letter), f"there is no linkage {letter.linkage!r} that it could be for"
            continue
        more = [c for c in letter.columns if c not in {described.pseudonym, *described.identifiers}]
        if more:
            yield sent(letter), f"has more columns than the description lists: {', '.join(more)}"
        if described.pseudonym not in letter.columns:
            yield sent(letter), f"lacks {described.pseudonym}, so that nothing can come back"


def identifiers_go_to_the_matcher_alone(evidence: Evidence) -> Found:
    """From the supplier to the matcher of that linkage."""
    for letter in evidence.letters():
        described = evidence.linkages.get(letter.linkage)
        if described and (letter.sender, letter.receiver) != (
            described.supplier,
            described.matcher,
        ):
            columns = ", ".join(evidence.identifying(letter))
            yield sent(letter), f"identifiers ({columns}) went another way than the description's"


def nothing_identifying_enters_the_results(evidence: Evidence) -> Found:
    """By the names of the columns of everything that was sent into the SRS or the CDLS."""
    for transfer in evidence.transfers:
        described = evidence.linkages.get(transfer.linkage)
        inside = {SRS_NAME, described.supplier, described.place} if described else {SRS_NAME}
        named = evidence.identifying(transfer)
        if transfer.receiver in inside and named:
            yield sent(transfer), f"identifiers came in: {', '.join(named)}"


def letters_are_destroyed(evidence: Evidence) -> Found:
    """The hash of every letter of identifiers is among those that a run destroyed."""
    destroyed = {(run.linkage, digest) for run in evidence.runs for digest in run.destroyed}
    for letter in evidence.letters():
        if (letter.linkage, letter.sha256) not in destroyed:
            yield sent(letter), f"no run has destroyed the file {letter.sha256[:16]}…"


def letters_are_on_no_disk(evidence: Evidence) -> Found:
    """No file has the bytes of a letter; only files of its columns and length are hashed."""
    shapes: dict[tuple[tuple[str, ...], int], set[str]] = {}
    for letter in evidence.letters():
        shapes.setdefault((letter.columns, letter.rows), set()).add(letter.sha256)
    for file in evidence.files:
        hashes = shapes.get((file.columns, file.rows), set())
        if hashes and _hash(evidence.parties / file.path) in hashes:
            yield file.path, "is a letter of identifiers that should have been destroyed"


def post_boxes_are_empty(evidence: Evidence) -> Found:
    """Nothing is left where post arrives, but for what a run is using now."""
    for file in evidence.files:
        if not is_post(file.path) or not (evidence.parties / file.path).exists():
            continue
        name = file.path.rpartition("/")[2]
        if not name.startswith(evidence.busy or ("\0",)):
            held = f" with {', '.join(file.identifying)}" if file.identifying else ""
            yield file.path, f"was left after the run{held}"


def identifiers_stand_alone(evidence: Evidence) -> Found:
    """In registers' own files of identifiers, beside a key and nothing else, or in the notes."""
    for file in evidence.apart_from(*RESULTS):
        if is_register(file.path):
            yield from _beside_identifiers(file)
        elif file.identifying and not _are_notes(file):
            others = [c for c in file.columns if c not in file.identifying]
            beside = f" beside {', '.join(others)}" if others else ""
            yield file.path, f"has {_told(file)}{beside}"


def _beside_identifiers(file: HeldFile) -> Found:
    """What a register's file of identifiers has that is neither identifier nor its own key."""
    own = Kind.PSEUDONYM if file.party == SUPPLIER else Kind.KEY
    allowed = {*file.identifying, *file.of(own), "sex"}
    numbers = {c for c in file.columns if c.endswith("_number")}
    allowed |= numbers | set(file.of(Kind.PSEUDONYM))
    more = [c for c in file.columns[1:] if c not in allowed]
    if more:
        yield file.path, f"has {', '.join(more)} beside identifiers"


def _are_notes(file: HeldFile) -> bool:
    """Whether this is where clinicians of the trust write, and only their text names anybody."""
    return file.path == NOTES and file.identifying == (NOTE_TEXT,)


def results_hold_no_identifiers(evidence: Evidence) -> Found:
    """Nothing in the SRS or at the CDLS says who somebody is, or by which key they are known."""
    for file in evidence.held_by(*RESULTS):
        if file.identifying:
            yield file.path, f"has {_told(file)}"
        if keys := file.of(Kind.KEY):
            yield file.path, f"has the holder's own keys: {', '.join(keys)}"


def holders_keep_no_bridge(evidence: Evidence) -> Found:
    """No holder has CRIS pseudonyms beside its own keys, or beside identifiers."""
    for file in evidence.apart_from(SUPPLIER, *RESULTS):
        pseudonyms = file.of(Kind.PSEUDONYM)
        beside = file.of(Kind.KEY) + file.identifying
        if pseudonyms and beside:
            yield file.path, f"has CRIS pseudonyms ({pseudonyms[0]}) beside {', '.join(beside)}"


def holders_hold_no_clinical_records(evidence: Evidence) -> Found:
    """No holder has a table of CRIS, or CRIS's attributes beside its pseudonyms."""
    clinical = attributes_of(f for f in evidence.held_by(SUPPLIER) if _is_of(f, CRIS))
    for file in evidence.apart_from(SUPPLIER, *RESULTS):
        held = [c for c in file.columns if c in clinical]
        if register_of(file.path, evidence.linkages) == CRIS:
            yield file.path, "is a table of CRIS in another party's folder"
        elif codes := file.of(Kind.CLINICAL):
            yield file.path, f"has codes of mental disorders: {', '.join(codes)}"
        elif held and file.of(Kind.PSEUDONYM):
            yield file.path, f"has attributes of CRIS beside its pseudonyms: {', '.join(held)}"


def the_supplier_holds_no_register(evidence: Evidence) -> Found:
    """SLaM has no attribute of a register that it is linked with, nor that register's keys."""
    theirs = attributes_of(
        f
        for f in evidence.apart_from(SUPPLIER, *RESULTS)
        if register_of(f.path, evidence.linkages) not in {None, CRIS}
    )
    for file in evidence.held_by(SUPPLIER):
        if keys := file.of(Kind.KEY, Kind.RESEARCH):
            yield file.path, f"has keys of a register: {', '.join(keys)}"
        taken = [c for c in file.columns if c in theirs - CRIS_COLUMNS and c not in file.kinds]
        if taken:
            yield file.path, f"has attributes of a register: {', '.join(taken)}"


def a_register_lies_with_its_holder(evidence: Evidence) -> Found:
    """The tables of one register are in one folder alone."""
    tables = [f for f in evidence.apart_from(*RESULTS) if f.path.count("/") == 1]
    homes = {register_of(f.path, evidence.linkages): f.party for f in tables if is_register(f.path)}
    for file in tables:
        register = register_of(file.path, evidence.linkages)
        if register is not None and homes.get(register, file.party) != file.party:
            yield file.path, f"is a table of {register}, whose holder is {homes[register]}"


def tables_hold_described_columns_alone(evidence: Evidence) -> Found:
    """No column that the description of the table does not have, in any known file."""
    holders = {f.party for f in evidence.files if is_register(f.path)}
    for file in evidence.apart_from():
        unfinished = any(f"/{linkage}/" in file.path for linkage in evidence.busy)
        if unfinished or not known_file(file.path, evidence.linkages, holders):
            continue
        if more := undescribed(file.path, file.columns, evidence.linkages):
            yield file.path, f"has columns that no description has: {', '.join(more)}"


def results_are_as_they_were_sent(evidence: Evidence) -> Found:
    """The bytes of every table are those of a recorded transfer: one name put in later is seen."""
    hashes = {(transfer.linkage, transfer.sha256) for transfer in evidence.transfers}
    for file in evidence.held_by(*RESULTS):
        parts = file.path.split("/")
        is_table = len(parts) == 4 and parts[1] in evidence.linkages and file.columns
        if not is_table or parts[1] in evidence.busy:
            continue
        digest = _hash(evidence.parties / file.path)
        if digest and (parts[1], digest) not in hashes:
            yield file.path, "is not what was sent: no recorded transfer has these bytes"


def only_known_files(evidence: Evidence) -> Found:
    """Every file has a place in the layout, and every table can be read."""
    holders = {f.party for f in evidence.files if is_register(f.path)}
    for file in evidence.files:
        unfinished = any(f"/{linkage}/" in file.path for linkage in evidence.busy)
        if not file.readable:
            yield file.path, "cannot be read, so that nobody knows what is in it"
        elif not unfinished and not known_file(file.path, evidence.linkages, holders):
            yield file.path, "has no place in the layout of the parties' folders"


def _is_of(file: HeldFile, register: str) -> bool:
    return file.path.startswith(f"{SUPPLIER}/{register}_") and not is_register(file.path)


def _told(file: HeldFile) -> str:
    """The identifying columns, and what they are where only the values say so."""
    return ", ".join(
        f"{c} (by its values: {file.kinds[c]})" if c in file.renamed else c
        for c in file.identifying
    )


def _hash(file: Path) -> str:
    try:
        return sha256_of(file)
    except OSError:
        return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule: its name, what it says, what it looks at, and who finds where it was broken."""

    name: str
    says: str
    of: Callable[[Evidence], int]
    find: Callable[[Evidence], Found]


def _rule(find: Callable[[Evidence], Found], of: Callable[[Evidence], int], says: str) -> Rule:
    name = getattr(find, "__name__", "").replace("_", "-")
    return Rule(name=name, says=says, of=of, find=find)


def _letters(evidence: Evidence) -> int:
    return len(evidence.letters())


def _transfers(evidence: Evidence) -> int:
    return len(evidence.transfers)


def _files(evidence: Evidence) -> int:
    return len(evidence.apart_from())


def _results(evidence: Evidence) -> int:
    return len(evidence.held_by(*RESULTS))


def _holders(evidence: Evidence) -> int:
    return len(evidence.apart_from(SUPPLIER, *RESULTS))


def _supplier(evidence: Evidence) -> int:
    return len(evidence.held_by(SUPPLIER))


RULES = (
    _rule(
        letters_hold_identifiers_alone,
        _letters,
        "A file of identifiers that was sent has the pseudonym and the listed identifiers, "
        "and nothing else.",
    ),
    _rule(
        identifiers_go_to_the_matcher_alone,
        _letters,
        "Identifiers went from the supplier to the matcher, and to nobody else.",
    ),
    _rule(
        nothing_identifying_enters_the_results,
        _transfers,
        "Nothing that was sent into the SRS or to the CDLS has an identifier.",
    ),
    _rule(
        letters_are_destroyed,
        _letters,
        "Every file of identifiers that was sent was destroyed, and its hash was kept.",
    ),
    _rule(
        letters_are_on_no_disk, _files, "No copy of a file of identifiers that was sent is left."
    ),
    _rule(post_boxes_are_empty, _files, "Nothing is left where post arrives."),
    _rule(
        identifiers_stand_alone,
        _files,
        "Identifiers stand in a register's own file of identifiers, beside its key and nothing "
        "else, and in what the clinicians of the mental-health trust wrote.",
    ),
    _rule(
        results_hold_no_identifiers,
        _results,
        "The SRS and the CDLS hold no identifiers, in columns or in text, and no register's own "
        "keys.",
    ),
    _rule(
        holders_keep_no_bridge,
        _holders,
        "No holder keeps CRIS pseudonyms beside its own keys or identifiers.",
    ),
    _rule(
        holders_hold_no_clinical_records,
        _holders,
        "No holder has clinical records of the mental-health trust.",
    ),
    _rule(
        the_supplier_holds_no_register,
        _supplier,
        "The mental-health trust has no attributes and no keys of another register.",
    ),
    _rule(
        a_register_lies_with_its_holder,
        _files,
        "The tables of a register lie with its holder and with nobody else.",
    ),
    _rule(
        tables_hold_described_columns_alone,
        _files,
        "Every table has the columns of its description, and no other.",
    ),
    _rule(
        results_are_as_they_were_sent,
        _results,
        "What lies in the SRS and the CDLS has the bytes that were recorded when it was sent.",
    ),
    _rule(only_known_files, _files, "Every file has a place in the layout and can be read."),
)
"""Every rule, in the order in which identifiers travel."""
