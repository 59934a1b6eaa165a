"""CRIS with the National Pupil Database."""

from tre.safe_data.linkages.linkage import Linkage

NPD = Linkage(
    id="npd",
    title="Child mental-health records with school records",
    register="National Pupil Database",
    holder="Department for Education",
    matcher="Department for Education",
    supplier="Clinical Data Linkage Service",
    identifiers=("first_name", "last_name", "date_of_birth", "postcode"),
    pseudonym="cris_pseudonym",
    covered="children seen by SLaM child services (CAMHS): first referral before the age of 18",
    controls=(
        "school-aged children who are not patients of SLaM child services, at school and living "
        "in Croydon, Lambeth, Lewisham or Southwark"
    ),
    limits=(
        "school years 2007/08 to 2024/25; state schools only, so a child at a private school "
        "has no record; a patient who is not matched cannot be told from a control"
    ),
    identifier_basis="Section 251 of the NHS Act 2006 (IRAS 356975, REC 25/SC/0229)",
    access_basis="Digital Economy Act 2017, section 64",
    place="ONS Secure Research Service",
    passport_trust="South London and Maudsley NHS Foundation Trust",
    source=(
        "Health Research Authority record of the SLaM-DfE linkage (IRAS 356975); "
        "CDLS page on CRIS data linkages"
    ),
)
