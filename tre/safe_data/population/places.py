"""Where people live: the four boroughs, their postcode districts, and the areas around them."""

from dataclasses import dataclass

BOROUGHS = ("Croydon", "Lambeth", "Lewisham", "Southwark")
ELSEWHERE = "Elsewhere"


@dataclass(frozen=True, slots=True, kw_only=True)
class Borough:
    """A local authority as the simulator knows it.

    education_code: the Department for Education's number of the authority.
    residents: usual residents, people. districts: postcode districts (each given to the borough
    in which most of it lies, so that a district says the borough).
    ethnic_shares: share of residents in the order of `names.GROUPS`, sums to 1.
    deprivation: share of small areas in the deciles 1 (most deprived) to 10, sums to 1.
    """

    name: str
    education_code: int
    residents: int
    districts: tuple[str, ...]
    ethnic_shares: tuple[float, ...]
    deprivation: tuple[float, ...]


# Residents and ethnic groups: ONS Census 2021 (TS001, TS021), rounded; children are younger and
# more diverse than residents as a whole, which the simulator does not model. Deprivation: shaped
# after the English Indices of Deprivation 2019, rounded.
PLACES = (
    Borough(
        name="Croydon",
        education_code=306,
        residents=390_800,
        districts=("CR0", "CR2", "CR5", "CR7", "CR8", "SE19", "SE25"),
        ethnic_shares=(0.37, 0.11, 0.12, 0.11, 0.175, 0.076, 0.039),
        deprivation=(0.06, 0.15, 0.14, 0.14, 0.12, 0.11, 0.10, 0.08, 0.06, 0.04),
    ),
    Borough(
        name="Lambeth",
        education_code=208,
        residents=317_600,
        districts=("SE11", "SE24", "SE27", "SW2", "SW4", "SW8", "SW9", "SW16"),
        ethnic_shares=(0.37, 0.18, 0.12, 0.12, 0.073, 0.081, 0.056),
        deprivation=(0.08, 0.23, 0.22, 0.17, 0.12, 0.08, 0.05, 0.03, 0.01, 0.01),
    ),
    Borough(
        name="Lewisham",
        education_code=209,
        residents=300_600,
        districts=("SE4", "SE6", "SE8", "SE12", "SE13", "SE14", "SE23", "SE26"),
        ethnic_shares=(0.37, 0.145, 0.13, 0.138, 0.09, 0.081, 0.046),
        deprivation=(0.07, 0.24, 0.24, 0.18, 0.12, 0.07, 0.04, 0.02, 0.01, 0.01),
    ),
    Borough(
        name="Southwark",
        education_code=210,
        residents=307_700,
        districts=("SE1", "SE5", "SE15", "SE16", "SE17", "SE21", "SE22"),
        ethnic_shares=(0.355, 0.16, 0.16, 0.091, 0.099, 0.072, 0.063),
        deprivation=(0.07, 0.22, 0.23, 0.17, 0.11, 0.08, 0.06, 0.03, 0.02, 0.01),
    ),
    Borough(
        name=ELSEWHERE,
        education_code=305,
        residents=60_000,
        districts=("BR1", "BR3", "BR6", "SE9", "SE18", "SW17", "SM1", "DA1", "ME7", "BN1"),
        ethnic_shares=(0.55, 0.12, 0.09, 0.05, 0.10, 0.06, 0.03),
        deprivation=(0.10,) * 10,
    ),
)

INWARD_LETTERS = "CIKMOV"
"""Never used in the second half of a real postcode, so none of ours can be anybody's address."""
