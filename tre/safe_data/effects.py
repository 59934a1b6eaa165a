"""The associations that the simulator plants, each once, with its size and where it is from.

A study run on an extract can be compared with this table. `grounds` says how far to trust a size:
"assumed" is chosen for teaching, with the direction that the literature gives; "published" is the
size in the source, rounded.
"""

from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """One planted association: `cause` changes `outcome` by `size`, other causes held fixed.

    scale: points (added to the outcome), percentage points (added), rate ratio (multiplies the
    rate), odds ratio (multiplies the odds).
    """

    cause: str
    outcome: str
    size: float
    scale: str
    grounds: str
    source: str


_DFE_KS4 = "direction: DfE, Key stage 4 performance (England), gaps by pupil characteristic"
_DFE_AWAY = "direction: DfE, Pupil absence in schools in England"
_DFE_SUSPENSION = "direction: DfE, Suspensions and permanent exclusions in England"
_CRIS_NPD = "direction: CRIS-NPD studies of attainment and absence (Downs; Wickersham; Cybulski)"
_DOWNS = "direction: Downs 2019, BMJ Open 9:e024355 (who is linked)"

EFFECTS = tuple(
    Effect(cause=cause, outcome=outcome, size=size, scale=scale, grounds="assumed", source=source)
    for cause, outcome, size, scale, source in (
        ("female", "ks4_attainment8", 5.0, "points", _DFE_KS4),
        ("free school meals", "ks4_attainment8", -9.0, "points", _DFE_KS4),
        ("special educational needs", "ks4_attainment8", -11.0, "points", _DFE_KS4),
        ("one decile less deprived", "ks4_attainment8", 0.8, "points", _DFE_KS4),
        ("assessed by teachers, 2020 and 2021", "ks4_attainment8", 3.5, "points", _DFE_KS4),
        ("psychosis", "ks4_attainment8", -12.0, "points", _CRIS_NPD),
        ("mood", "ks4_attainment8", -5.0, "points", _CRIS_NPD),
        ("neurotic", "ks4_attainment8", -3.0, "points", _CRIS_NPD),
        ("neurodevelopmental", "ks4_attainment8", -6.0, "points", _CRIS_NPD),
        ("other disorder", "ks4_attainment8", -5.0, "points", _CRIS_NPD),
        ("female", "ks2_score", 0.4, "points", "direction: DfE, KS2 attainment"),
        (
            "free school meals",
            "ks2_score",
            -2.8,
            "points",
            "direction: DfE, KS2 attainment",
        ),
        ("special educational needs", "ks2_score", -6.0, "points", _DFE_KS4),
        ("one decile less deprived", "ks2_score", 0.25, "points", _DFE_KS4),
        ("psychosis", "ks2_score", -1.5, "points", _CRIS_NPD),
        ("neurodevelopmental", "ks2_score", -2.0, "points", _CRIS_NPD),
        ("free school meals", "absence_percent", 2.5, "percentage points", _DFE_AWAY),
        ("special educational needs", "absence_percent", 1.5, "percentage points", _DFE_AWAY),
        ("one decile less deprived", "absence_percent", -0.1, "percentage points", _DFE_AWAY),
        (
            "school year since the pandemic",
            "absence_percent",
            2.6,
            "percentage points",
            _DFE_ABSENCE,
        ),
        ("psychosis", "absence_percent", 9.0, "percentage points", _CRIS_NPD),
        ("mood", "absence_percent", 5.0, "percentage points", _CRIS_NPD),
        ("neurotic", "absence_percent", 4.0, "percentage points", _CRIS_NPD),
        ("neurodevelopmental", "absence_percent", 1.5, "percentage points", _CRIS_NPD),
        ("other disorder", "absence_percent", 3.0, "percentage points", _CRIS_NPD),
        ("female", "exclusions", 0.45, "rate ratio", _DFE_SUSPENSION),
        ("free school meals", "exclusions", 2.5, "rate ratio", _DFE_SUSPENSION),
        ("special educational needs", "exclusions", 2.8, "rate ratio", _DFE_SUSPENSION),
        ("psychosis", "exclusions", 1.8, "rate ratio", _CRIS_NPD),
        ("mood", "exclusions", 1.4, "rate ratio", _CRIS_NPD),
        ("neurotic", "exclusions", 1.1, "rate ratio", _CRIS_NPD),
        ("neurodevelopmental", "exclusions", 2.0, "rate ratio", _CRIS_NPD),
        ("other disorder", "exclusions", 2.6, "rate ratio", _CRIS_NPD),
        ("free school meals", "child mental-health referral", 1.6, "odds ratio", _CRIS_NPD),
        ("minority ethnic group", "child mental-health referral", 0.8, "odds ratio", _CRIS_NPD),
        ("most deprived fifth", "identifier error", 1.4, "rate ratio", _DOWNS),
        ("minority ethnic group", "identifier error", 1.35, "rate ratio", _DOWNS),
        ("first referral at 16 or 17", "identifier error", 1.5, "rate ratio", _DOWNS),
    )
)

_SIZES = MappingProxyType({(effect.cause, effect.outcome): effect.size for effect in EFFECTS})


def size(cause: str, outcome: str) -> float:
    """How much this cause changes this outcome, on its scale. Raises KeyError where none is."""
    return _SIZES[cause, outcome]
