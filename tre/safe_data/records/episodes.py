"""What hospitals hold together: who was seen, when last, and the three kinds of episodes."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from tre.safe_data.chance import stream
from tre.safe_data.population.population import Population
from tre.safe_data.records import hospital, hospital_codes, hospital_visits, people
from tre.safe_data.records.items import Items
from tre.safe_data.records.register import ROW, Register
from tre.safe_data.variable import Variable

STREAM = "hes"
"""All hospital registers are filled from the same episodes, so that they agree."""
ADMISSIONS, APPOINTMENTS, ATTENDANCES = "admissions", "appointments", "attendances"


@dataclass(frozen=True, slots=True, kw_only=True)
class Episodes:
    """Episodes by kind; `row` is a row of the population."""

    tables: Mapping[str, pl.DataFrame]

    def register(self, names: Mapping[str, str], about: str, population: Population) -> Register:
        """A register of those who have an episode. names: its table of each kind.

        about: the name of its table of people, who are described as last seen.
        """
        last = np.full(population.people, -1, dtype=np.int32)
        for frame in self.tables.values():
            days = frame.to_series(1).to_physical().to_numpy()
            np.maximum.at(last, frame[ROW].to_numpy(), days)
        seen = np.flatnonzero(last >= 0)
        position = np.full(population.people, -1, dtype=np.int32)
        position[seen] = np.arange(len(seen), dtype=np.int32)
        rng = stream(population.seed, about)
        return Register(
            people=seen,
            seen=last[seen],
            tables={
                about: people.describe(population, seen, last[seen], rng),
                **{
                    name: self.tables[kind].with_columns(
                        pl.Series(ROW, position[self.tables[kind][ROW].to_numpy()])
                    )
                    for kind, name in names.items()
                },
            },
        )


def episodes(population: Population, kinds: tuple[str, ...]) -> Episodes:
    """The episodes of everybody, as hospitals all over England have them, without A&E's stays."""
    everybody = np.arange(population.people, dtype=np.int32)
    stays = hospital.admissions(population, everybody, STREAM)
    tables = {ADMISSIONS: stays}
    if APPOINTMENTS in kinds:
        tables[APPOINTMENTS] = hospital_visits.appointments(population, everybody, STREAM)
    tables[ATTENDANCES] = hospital_visits.attendances(population, everybody, STREAM, stays)
    return Episodes(tables=tables)


def of_trusts(whole: Episodes, providers: tuple[str, ...], period: tuple[int, int]) -> Episodes:
    """The episodes in some hospitals that begin within a period: first and last day."""
    return Episodes(
        tables={
            kind: frame.filter(
                pl.col("provider").is_in(providers)
                & frame.to_series(1).to_physical().is_between(*period)
            )
            for kind, frame in whole.tables.items()
        }
    )


def stay_variables(dictionary: str) -> tuple[Variable, ...]:
    """The variables of a table of admissions, as this register's dictionary names them."""
    item = Items(dictionary=dictionary)
    return (
        item.day("admitted", "Day of admission", "Date of admission (ADMIDATE)"),
        item.day("discharged", "Day of discharge", "Date of discharge (DISDATE)"),
        item.text(
            "admission_method",
            "11 waiting list, 12 booked, 13 planned, 21 emergency through A&E, 22 through a "
            "general practitioner, 24 through a clinic, 31 maternity, 82 birth",
            "Method of admission (ADMIMETH)",
            hospital_codes.ADMISSION_METHODS,
        ),
        item.text(
            "discharge_method",
            "1 on advice, 2 by the patient, 4 died",
            "Method of discharge (DISMETH)",
            hospital_codes.DISCHARGE_METHODS,
        ),
        item.diagnosis(
            "main_diagnosis",
            "Primary diagnosis, ICD-10 (World Health Organization)",
            "Primary diagnosis (DIAG_01)",
        ),
        item.procedure(
            "main_operation",
            "Main procedure, OPCS-4 (NHS Digital); - for none",
            "Main operation (OPERTN_01)",
        ),
        item.text(
            "specialty",
            "Treatment function (NHS Data Dictionary)",
            "Treatment specialty (TRETSPEF)",
            hospital_codes.SPECIALTIES,
        ),
        provider(item),
    )


def provider(item: Items) -> Variable:
    """The trust that gave the care."""
    return item.text("provider", "Trust", "Provider code (PROCODE)", hospital_codes.PROVIDERS)


def attendance_variables(dictionary: str) -> tuple[Variable, ...]:
    """The variables of a table of A&E attendances, as this register's dictionary names them."""
    item = Items(dictionary=dictionary)
    return (
        item.day("arrived", "Day of arrival", "Arrival date (ARRIVALDATE)"),
        item.flag("by_ambulance", "Brought by ambulance", "Arrival mode (AEARRIVALMODE)"),
        item.text(
            "diagnosis",
            "A&E diagnosis, 2 digits: 01 laceration, 03 soft tissue, 05 fracture, 14 poisoning, 20 "
            "cardiac, 25 respiratory, 26 gastrointestinal, 35 psychiatric, 38 other, 39 none found",
            "A&E diagnosis (DIAG_01)",
            tuple(code for code, _ in hospital_codes.A_AND_E_DIAGNOSES),
        ),
        item.text(
            "disposal",
            "01 admitted, 03 discharged, 12 left before treatment",
            "Attendance disposal (AEATTENDDISP)",
            hospital_codes.DISPOSALS,
        ),
        provider(item),
    )


def appointment_variables(dictionary: str) -> tuple[Variable, ...]:
    """The variables of a table of outpatient appointments."""
    item = Items(dictionary=dictionary)
    return (
        item.day("appointment", "Day of the appointment", "Appointment date (APPTDATE)"),
        item.text(
            "specialty",
            "Treatment function (NHS Data Dictionary)",
            "Treatment specialty (TRETSPEF)",
            hospital_codes.SPECIALTIES,
        ),
        item.text(
            "attended",
            "5 seen, 3 did not attend, 2 cancelled by the patient",
            "Attended or did not attend (ATTENDED)",
            hospital_codes.ATTENDANCE,
        ),
        item.flag("is_first", "First of a course", "First attendance (FIRSTATT)"),
        provider(item),
    )
