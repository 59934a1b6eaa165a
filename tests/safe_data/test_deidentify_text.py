"""Free text: what is masked, what is not, and the recall on notes with planted identifiers."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.gb import nhs

from tests.safe_data.notes import notes
from tre.safe_data.deidentify.known import Known
from tre.safe_data.deidentify.patterns import is_nhs_number
from tre.safe_data.deidentify.scrubbing import scrub, spans_in
from tre.safe_data.deidentify.span import Kind, Span, without_overlap
from tre.safe_data.deidentify.spellings import within_one_edit

KNOWN = Known(
    names=("Elizabeth", "Smith-O'Brien", "Will"),
    relatives=("Folasade Adeyemi",),
    addresses=("12 Camberwell Road, London, SE5 9NR",),
    nhs_numbers=("9990000018",),
    phones=("07700 900123",),
)


# With what is known of the patient ----------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        # names: any case, a nickname, one slip, a possessive, an accent, half of a double name
        ("ELIZABETH came", "[name] came"),
        ("Liz came, then lizzie", "[name] came, then [name]"),
        ("Elizabth and Elziabeth", "[name] and [name]"),
        ("Elizabeth's flat", "[name]'s flat"),
        ("Élizabeth", "[name]"),
        ("Mrs. O\u2019Brien and obrien", "Mrs. [name] and [name]"),
        ("Smith", "[name]"),
        # two slips are not forgiven, and a name that is a word needs a capital letter
        ("Elizbth", "Elizbth"),
        ("Will said he will come", "[name] said he will come"),
        ("she wiil", "she wiil"),
        # relatives
        ("Folasade, her mother", "[relative], her mother"),
        ("Sade called Adeyem", "[relative] called [relative]"),
        # addresses, with and without the number, however the street is shortened
        ("at 12 camberwell rd.", "at [address]."),
        ("near Camberwel Road", "near [address]"),
        ("in London", "in London"),
        # numbers: any spacing, one digit wrong
        ("999 000 0018", "[nhs number]"),
        ("9990000019", "[nhs number]"),
        ("+44 7700 900 123 or 07700-900124", "[phone] or [phone]"),
    ],
)
def test_known_identifiers_are_masked(text, wanted):
    assert scrub(text, KNOWN).text == wanted


# By their form alone ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        # NHS numbers: check digit, or the words before
        ("943 476 5919", "[nhs number]"),
        ("943 476 5918", "943 476 5918"),
        ("NHS No: 943 476 5918", "NHS No: [nhs number]"),
        # telephone and e-mail
        ("020 7946 0123, 01632960123", "[phone], [phone]"),
        ("+44 (0)20 7946 0123", "[phone]"),
        ("ring ada.l@slam.nhs.uk now", "ring [email] now"),
        # postcodes, and a vitamin that is none
        ("SE5 9NR, se59nr, W1A 0AX", "[postcode], [postcode], [postcode]"),
        ("B12 5mg; SE5", "B12 5mg; SE5"),
        # dates that name a day; a month, a year, "for five days" and a score stay
        ("3/4/2019 03-04-19 3.4.19 2019-04-03", "[date] [date] [date] [date]"),
        ("3rd of May, 3 may 2019, 3 MARCH", "[date], 3 may 2019, 3 MARCH"),
        ("12 Jan 2020, 12 january, May 5th 2020", "[date], [date], [date]"),
        ("May 2019, in 2019, 5/7, 12/27, May 5mg", "May 2019, in 2019, 5/7, 12/27, May 5mg"),
        # people after a title or a kinship
        ("Dr A. Nkosi and Mr Davies", "Dr [person] and Mr [person]"),
        ("his mum Tunde, sister called Ola", "his mum [relative], sister called [relative]"),
        ("Mum said no", "Mum said no"),
        ("CAMHS Lewisham, F20.0", "CAMHS Lewisham, F20.0"),
        ("", ""),
    ],
)
def test_what_has_the_form_of_an_identifier_is_masked(text, wanted):
    assert scrub(text).text == wanted


def test_masks_are_counted_by_kind():
    scrubbed = scrub("Liz rang on 3/4/2019, Liz says.", KNOWN)
    assert scrubbed.masked == {"name": 2, "date": 1}


def test_spans_that_overlap_become_one_of_the_kind_that_comes_first():
    spans = [Span(5, 9, Kind.NAME), Span(0, 6, Kind.PHONE), Span(9, 12, Kind.DATE)]
    assert without_overlap(spans) == [Span(0, 9, Kind.PHONE), Span(9, 12, Kind.DATE)]


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_can_be_scrubbed_and_nothing_else_is_lost(text):
    at, kept = 0, []
    for span in spans_in(text, KNOWN):
        assert at <= span.start < span.end <= len(text)
        kept.append(text[at : span.start])
        at = span.end
    kept.append(text[at:])
    scrubbed = scrub(text, KNOWN)
    assert sum(map(len, kept)) <= len(scrubbed.text) + len(text)
    assert all(part in scrubbed.text for part in kept)


@settings(deadline=None)
@given(st.from_regex(r"[0-9]{10}", fullmatch=True))
def test_the_check_digit_is_that_of_another_program(digits):
    assert is_nhs_number(digits) == nhs.is_valid(digits)


@pytest.mark.parametrize("digits", ["", "943476591", "94347659190", "94347659l9"])
def test_a_number_of_another_length_is_no_nhs_number(digits):
    assert not is_nhs_number(digits)


# The distance, against its definition
def edits(word: str) -> set[str]:
    letters = "abc"
    cuts = [(word[:i], word[i:]) for i in range(len(word) + 1)]
    return (
        {word}
        | {a + b[1:] for a, b in cuts if b}
        | {a + c + b for a, b in cuts for c in letters}
        | {a + c + b[1:] for a, b in cuts if b for c in letters}
        | {a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1}
    )


@settings(deadline=None)
@given(st.text("abc", max_size=6), st.text("abc", max_size=6))
def test_one_edit_is_one_letter_more_less_other_or_swapped(one, other):
    assert within_one_edit(one, other) == (other in edits(one))


@settings(deadline=None)
@given(st.text("abc", max_size=6), st.data())
def test_every_single_edit_is_found(word, data):
    assert within_one_edit(word, data.draw(st.sampled_from(sorted(edits(word)))))


# Recall on notes ----------------------------------------------------------------------------------
FLOORS = {
    "name": 0.995,
    "relative": 0.99,
    "nhs number": 0.999,
    "phone": 0.999,
    "postcode": 0.998,
    "address": 0.96,
    "date": 0.999,
    "email": 0.999,
    "titled": 0.99,
    "unknown relative": 0.99,
}
"""Share of what was planted that is masked whole; measured on 2,000 notes, a little below."""


@pytest.fixture(scope="module")
def measured() -> tuple[dict[str, float], float]:
    """Of every class, how many were planted and how many masked; words that were masked besides."""
    planted, masked, words, lost = Counter(), Counter(), 0, 0
    for note in notes(2_000, seed=11):
        spans = spans_in(note.text, note.known)
        for kind, start, end in note.planted:
            planted[kind] += 1
            masked[kind] += any(span.start <= start and end <= span.end for span in spans)
        hidden = {place for span in spans for place in range(span.start, span.end)}
        identifying = {place for _, a, b in note.planted for place in range(a, b)}
        at = 0
        for word in note.text.split(" "):
            own = range(at, at + len(word))
            at += len(word) + 1
            if word and not identifying & set(own):
                words += 1
                lost += bool(hidden & set(own))
    return {kind: masked[kind] / count for kind, count in planted.items()}, lost / words


@pytest.mark.parametrize("kind", FLOORS)
def test_recall_of_planted_identifiers(measured, kind):
    recall, _ = measured
    assert recall[kind] >= FLOORS[kind], recall


def test_a_name_that_nobody_knows_and_nothing_announces_is_missed(measured):
    recall, _ = measured
    assert recall["stranger"] < 0.1  # why text is withheld unless a project needs it


def test_few_other_words_are_masked(measured):
    _, lost = measured
    assert lost < 0.001  # measured: 'Told' for Todd, 'May' for Mary
