"""What people are in hospital for, as codes: diagnoses, operations, specialties, providers.

ICD-10: World Health Organization, 10th revision. OPCS-4: NHS Digital, OPCS Classification of
Interventions and Procedures. Specialties: NHS Data Dictionary, Treatment Function Code. Methods:
NHS Data Dictionary, Admission Method and Discharge Method. Shares are assumed, near the order of
those in NHS Digital, Hospital Admitted Patient Care Activity.
"""

from dataclasses import dataclass

PROVIDERS = (
    "King's College Hospital",
    "Guy's and St Thomas'",
    "Croydon Health Services",
    "Lewisham and Greenwich",
    "Other",
)
PROVIDER_SHARES = {
    "Croydon": (0.10, 0.05, 0.70, 0.01, 0.14),
    "Lambeth": (0.44, 0.44, 0.02, 0.01, 0.09),
    "Lewisham": (0.22, 0.16, 0.01, 0.54, 0.07),
    "Southwark": (0.48, 0.43, 0.00, 0.02, 0.07),
    "Elsewhere": (0.06, 0.06, 0.03, 0.05, 0.80),
}
"""Where the people of a place go to hospital: assumed, by the nearest one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why somebody is in hospital. nights: mean length of stay. shares: relative, by age band.

    Age bands: under 18, 18 to 49, 50 and older.
    """

    diagnosis: str
    specialty: str
    operation: str
    nights: float
    shares: tuple[float, float, float]


def _reasons(*rows: tuple[str, str, str, float, tuple[float, float, float]]) -> tuple[Reason, ...]:
    return tuple(
        Reason(diagnosis=d, specialty=s, operation=o, nights=n, shares=w) for d, s, o, n, w in rows
    )


EMERGENCY = _reasons(
    ("J21.9", "420", "-", 1.5, (16, 0, 0)),
    ("B34.9", "420", "-", 1.0, (18, 1, 0)),
    ("J45.9", "420", "-", 1.6, (8, 0, 0)),
    ("S52.5", "110", "W26.2", 2.0, (7, 5, 6)),
    ("R10.4", "100", "-", 1.5, (8, 12, 5)),
    ("K35.8", "100", "H01.1", 2.5, (4, 5, 2)),
    ("T39.1", "300", "-", 1.5, (5, 9, 2)),
    ("R07.4", "300", "-", 1.0, (1, 10, 9)),
    ("L03.1", "300", "-", 4.0, (2, 7, 5)),
    ("N39.0", "300", "-", 5.0, (4, 6, 9)),
    ("J18.9", "340", "-", 7.0, (4, 5, 13)),
    ("J44.1", "340", "-", 5.0, (0, 1, 8)),
    ("I21.4", "320", "K75.1", 4.0, (0, 2, 6)),
    ("I50.0", "320", "-", 8.0, (0, 1, 6)),
    ("I63.9", "300", "-", 11.0, (0, 1, 5)),
    ("S72.0", "110", "W46.1", 14.0, (0, 0, 5)),
    ("K92.2", "301", "G45.9", 4.0, (0, 4, 4)),
    ("F10.3", "300", "-", 2.5, (0, 6, 2)),
    ("A41.9", "300", "-", 9.0, (1, 2, 5)),
    ("R55", "300", "-", 1.5, (2, 5, 6)),
)
"""Emergency admissions."""
COVID = Reason(diagnosis="U07.1", specialty="340", operation="-", nights=9.0, shares=(1, 4, 12))
"""Covid-19: an emergency from March 2020 on, and never before."""
PLANNED = _reasons(
    ("K02.9", "140", "F09.4", 0.0, (14, 5, 1)),
    ("J35.0", "120", "F34.1", 0.4, (12, 2, 0)),
    ("Q53.1", "171", "N09.2", 0.0, (6, 0, 0)),
    ("K40.9", "100", "T20.2", 0.4, (3, 4, 6)),
    ("K80.2", "100", "J18.3", 1.0, (0, 6, 4)),
    ("M17.1", "110", "W40.1", 4.0, (0, 1, 8)),
    ("M16.1", "110", "W37.1", 4.0, (0, 1, 6)),
    ("S83.2", "110", "W82.2", 0.1, (2, 8, 3)),
    ("H26.9", "130", "C75.1", 0.0, (0, 1, 18)),
    ("K21.9", "301", "G45.1", 0.0, (2, 10, 10)),
    ("K63.5", "301", "H22.1", 0.0, (1, 8, 12)),
    ("N92.0", "502", "Q18.9", 0.3, (0, 7, 3)),
    ("I25.1", "320", "K63.1", 0.6, (0, 2, 6)),
    ("D50.9", "301", "X33.2", 0.0, (2, 5, 5)),
    ("L40.0", "330", "X92.1", 0.0, (1, 4, 2)),
)
"""Admissions from the waiting list, booked or planned."""
CANCER_CARE, DIALYSIS = ("X72.3", "370"), ("N18.5", "X40.3", "361")
"""Chemotherapy and its specialty; the diagnosis, operation and specialty of haemodialysis."""
DELIVERY, NEWBORN = ("O80.0", "R24.9", "501"), ("Z38.0", "-", "424")

WAITING_LIST, BOOKED, PLANNED_METHOD = "11", "12", "13"
EMERGENCY_A_AND_E, GENERAL_PRACTITIONER, CONSULTANT_CLINIC = "21", "22", "24"
MATERNITY, BABY = "31", "82"
EMERGENCY_METHODS = (EMERGENCY_A_AND_E, GENERAL_PRACTITIONER, CONSULTANT_CLINIC)
ADMISSION_METHODS = (
    WAITING_LIST, BOOKED, PLANNED_METHOD, *EMERGENCY_METHODS, MATERNITY, BABY,
)  # fmt: skip
"""11 waiting list, 12 booked, 13 planned; emergency: 21 A&E, 22 GP, 24 clinic; 31 maternity;
82 baby born here."""
DISCHARGED, SELF_DISCHARGED, DIED = "1", "2", "4"
DISCHARGE_METHODS = (DISCHARGED, SELF_DISCHARGED, DIED)
"""1 on advice, 2 by the patient, 4 died."""

OUTPATIENT = (
    ("110", 0.15), ("130", 0.10), ("120", 0.08), ("330", 0.08), ("502", 0.08), ("320", 0.08),
    ("301", 0.07), ("340", 0.06), ("420", 0.08), ("650", 0.10), ("300", 0.06), ("307", 0.06),
)  # fmt: skip
"""Treatment functions of outpatient clinics, and their shares."""
OF_CANCER, OF_KIDNEY, OF_HIV = "370", "361", "350"
"""Clinics of medical oncology, nephrology and infectious diseases."""
SEEN, NOT_ATTENDED, CANCELLED_BY_PATIENT = "5", "3", "2"
ATTENDANCE = (SEEN, NOT_ATTENDED, CANCELLED_BY_PATIENT)
"""NHS Data Dictionary, Attended or Did Not Attend: 5 seen, 3 did not attend, 2 cancelled."""

A_AND_E_DIAGNOSES = (
    ("01", 0.12), ("03", 0.13), ("05", 0.06), ("14", 0.03), ("20", 0.07), ("25", 0.07),
    ("26", 0.09), ("35", 0.03), ("38", 0.32), ("39", 0.08),
)  # fmt: skip
"""NHS Data Dictionary, Accident and Emergency Diagnosis: 01 laceration, 03 soft tissue, 05
dislocation or fracture, 14 poisoning, 20 cardiac, 25 respiratory, 26 gastrointestinal, 35
psychiatric, 38 not classifiable, 39 nothing found."""
ADMITTED, HOME, LEFT = "01", "03", "12"
DISPOSALS = (ADMITTED, HOME, LEFT)
"""NHS Data Dictionary, A&E Attendance Disposal: 01 admitted, 03 discharged, 12 left before
treatment."""
AMBULANCE, OWN_WAY = "1", "2"

SPECIALTIES = tuple(
    sorted(
        {one.specialty for one in (*EMERGENCY, COVID, *PLANNED)}
        | {code for code, _ in OUTPATIENT}
        | {CANCER_CARE[1], DIALYSIS[2], DELIVERY[2], NEWBORN[2], OF_CANCER, OF_KIDNEY, OF_HIV}
    )
)
OPERATIONS = tuple(
    sorted(
        {one.operation for one in (*EMERGENCY, *PLANNED)}
        | {CANCER_CARE[0], DIALYSIS[1], DELIVERY[1]}
    )
)
