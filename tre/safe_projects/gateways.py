"""The laws that let a project use data, and the references that its ethics reviews are known by."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from tre.decision import ALLOWED, Decision, Rule
from tre.vocabulary import Safe

GATEWAY = Rule(
    name="legal gateway",
    safe=Safe.PROJECTS,
    sentence="An application names at least one legal gateway of the list; support under section "
    "251 comes with the reference of the Confidentiality Advisory Group.",
    source="Digital Economy Act 2017; NHS Act 2006, section 251; founding document",
)
ETHICS = Rule(
    name="ethics references",
    safe=Safe.PROJECTS,
    sentence="An application names the favourable opinion of a Research Ethics Committee "
    "(25/SC/0229) and its IRAS number (356975).",
    source="Health Research Authority; founding document",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalGateway:
    """A law that lets data be used for research. needs_cag: with support of the CAG."""

    id: str
    title: str
    lets: str
    needs_cag: bool = False


LEGAL_GATEWAYS: tuple[LegalGateway, ...] = (
    LegalGateway(
        id="dea-2017",
        title="Digital Economy Act 2017, section 64",
        lets="accredited researchers use de-identified data of public authorities in an "
        "accredited processing environment",
    ),
    LegalGateway(
        id="section-251",
        title="Section 251 of the NHS Act 2006 (Control of Patient Information Regulations 2002, "
        "regulation 5)",
        lets="identifiers of patients be used for linking without their consent",
        needs_cag=True,
    ),
    LegalGateway(
        id="copi-3",
        title="Control of Patient Information Regulations 2002, regulation 3",
        lets="information about patients be used against risks to public health",
    ),
    LegalGateway(
        id="consent",
        title="Consent of the people whom the data describe",
        lets="what they agreed to, for as long as they agree",
    ),
    LegalGateway(
        id="srsa-2007",
        title="Statistics and Registration Service Act 2007, section 39(4)(i)",
        lets="approved researchers use data that the Statistics Board holds, such as the Census",
    ),
    LegalGateway(
        id="education-2009",
        title="Education (Individual Pupil Information) (Prescribed Persons) (England) "
        "Regulations 2009",
        lets="the Department for Education share records of pupils for research",
    ),
)
"""In the order in which the form offers them."""

REC_CENTRES = frozenset(
    {"EE", "EM", "ES", "HRA", "LO", "NE", "NI", "NIR", "NS", "NW", "PR", "SC", "SS", "SW"}
    | {"WA", "WM", "WS", "YH"}
)
"""What stands in the middle of a committee's reference: the centre, or how it was reviewed."""

_REC = re.compile(r"(\d{2})/([A-Z]{2,3})/\d{4}", re.ASCII)
_IRAS = re.compile(r"[1-9]\d{4,6}", re.ASCII)
_CAG = re.compile(r"(\d{2})/CAG/\d{4}", re.ASCII)


def gateway(id_: str) -> LegalGateway | None:
    """Find a gateway of the list by its id."""
    return next((one for one in LEGAL_GATEWAYS if one.id == id_), None)


def names_gateways(ids: Collection[str], cag: str, on: date) -> Decision:
    """Ask for known gateways, at least one, and for the CAG's reference where one needs it."""
    decision = ALLOWED
    if not ids:
        decision = GATEWAY.refuses("choose the law that lets the project use these data.")
    for id_ in sorted(set(ids)):
        if gateway(id_) is None:
            known = ", ".join(one.id for one in LEGAL_GATEWAYS)
            decision = decision.also(
                GATEWAY.refuses(f"{id_[:40]!r} is no legal gateway; there are: {known}.")
            )
    needs_cag = any(one.needs_cag for one in map(gateway, ids) if one is not None)
    if needs_cag and not cag:
        decision = decision.also(
            GATEWAY.refuses(
                "section 251 needs the support of the Confidentiality Advisory Group: give its "
                "reference, as in 25/CAG/0092."
            )
        )
    if cag and not _is_of_a_year(_CAG.fullmatch(cag), on):
        decision = decision.also(
            GATEWAY.refuses(f"{cag[:40]!r} is no reference of the CAG: write it as in 25/CAG/0092.")
        )
    return decision


def has_ethics(rec: str, iras: str, on: date) -> Decision:
    """Ask for both references in their forms; a committee's is of a year that has come."""
    decision = ALLOWED
    found = _REC.fullmatch(rec)
    if not _is_of_a_year(found, on) or (found is not None and found[2] not in REC_CENTRES):
        decision = ETHICS.refuses(
            f"{rec[:40]!r} is no reference of a Research Ethics Committee: write year, centre and "
            "number as in 25/SC/0229."
        )
    if not _IRAS.fullmatch(iras):
        decision = decision.also(
            ETHICS.refuses(f"{iras[:40]!r} is no IRAS number: five to seven digits, as in 356975.")
        )
    return decision


def _is_of_a_year(found: "re.Match[str] | None", on: date) -> bool:
    """Whether a reference has its form, and its year (two digits, from 2000 on) has come."""
    return found is not None and 2000 + int(found[1]) <= on.year


def in_words(ids: Collection[str]) -> str:
    """Name the gateways in the order of the list, as a project's record says them."""
    return "; ".join(one.title for one in LEGAL_GATEWAYS if one.id in ids)
