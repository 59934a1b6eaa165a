"""Diagnoses: an ICD-10 code to its category or its chapter."""

import polars as pl

from tre.decision import UnusableRequestError
from tre.safe_data.deidentify.column import Column

_CHAPTERS = (
    ("A00", "B99", "I Certain infectious and parasitic diseases"),
    ("C00", "D48", "II Neoplasms"),
    ("D50", "D89", "III Diseases of the blood and the immune mechanism"),
    ("E00", "E90", "IV Endocrine, nutritional and metabolic diseases"),
    ("F00", "F99", "V Mental and behavioural disorders"),
    ("G00", "G99", "VI Diseases of the nervous system"),
    ("H00", "H59", "VII Diseases of the eye and adnexa"),
    ("H60", "H95", "VIII Diseases of the ear and mastoid process"),
    ("I00", "I99", "IX Diseases of the circulatory system"),
    ("J00", "J99", "X Diseases of the respiratory system"),
    ("K00", "K93", "XI Diseases of the digestive system"),
    ("L00", "L99", "XII Diseases of the skin and subcutaneous tissue"),
    ("M00", "M99", "XIII Diseases of the musculoskeletal system and connective tissue"),
    ("N00", "N99", "XIV Diseases of the genitourinary system"),
    ("O00", "O99", "XV Pregnancy, childbirth and the puerperium"),
    ("P00", "P96", "XVI Certain conditions originating in the perinatal period"),
    ("Q00", "Q99", "XVII Congenital malformations and chromosomal abnormalities"),
    ("R00", "R99", "XVIII Symptoms, signs and abnormal findings"),
    ("S00", "T98", "XIX Injury, poisoning and other consequences of external causes"),
    ("V01", "Y98", "XX External causes of morbidity and mortality"),
    ("Z00", "Z99", "XXI Factors influencing health status and contact with health services"),
    ("U00", "U99", "XXII Codes for special purposes"),
)
"""First and last category of each chapter. Source: WHO, ICD-10 version 2019, titles shortened."""


def icd10_category(column: Column) -> pl.Series:
    """'F20.0' becomes 'F20'. Raises UnusableRequestError for what is not in ICD-10's form."""
    column.must_be("text", pl.String)
    name = column.values.name
    code = pl.col(name).str.strip_chars().str.to_uppercase()
    category = code.str.extract(r"^([A-Z]\d\d)(?:$|[.\dX*+ -])", 1)
    made = column.values.to_frame().select(category.alias(name))[name]
    wrong = made.null_count() - column.values.null_count()
    if wrong:
        message = f"{name}: {wrong} values are not written as in ICD-10 (F20, F20.0 or F200)"
        raise UnusableRequestError(message)
    return made


def icd10_chapter(column: Column) -> pl.Series:
    """'F20.0' becomes 'V Mental and behavioural disorders (F00-F99)'.

    Raises UnusableRequestError for what is not in ICD-10's form or in no chapter.
    """
    categories = icd10_category(column)
    each = categories.drop_nulls().unique().sort()
    chapters = pl.Series([_chapter(code) for code in each], dtype=pl.String)
    if wrong := chapters.null_count():
        message = f"{categories.name}: {wrong} different codes are in no chapter of ICD-10"
        raise UnusableRequestError(message)
    return categories.replace_strict(each, chapters, default=None, return_dtype=pl.String)


def _chapter(category: str) -> str | None:
    for first, last, title in _CHAPTERS:
        if first <= category <= last:
            return f"{title} ({first}-{last})"
    return None
