"""Whether what is written in sentences still says who somebody is."""

import polars as pl

from tre.safe_data.linking.separation.kinds import Known, has_check_digit

_WORDS = 3
"""A value of fewer words is no sentence, and other tests look at it as a whole."""
_POSTCODE = r"\b[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}\b"
_TEN_DIGITS = r"\b\d{3}[ -]?\d{3}[ -]?\d{4}\b"
_CAPITALISED = r"\b[A-Z][a-z']+(?:[ -][A-Z][a-z']+)+"
_TEXTS, _NAMED, _SHARE = 20, 3, 0.02
"""Different texts that are enough to look for names, and how many of them, and which share, may
name somebody by two names that stand together before that is no chance: a hospital is called after
somebody too, and masking leaves a name now and then. A text with an NHS number or a postcode is one
too many, since masking leaves none."""


def identifies(values: pl.Series, known: Known) -> bool:
    """Whether texts name somebody, or hold an NHS number or a postcode.

    values: a sample of a column, nulls allowed, of any type.
    """
    if values.dtype != pl.String:
        return False
    texts = values.drop_nulls().unique()
    texts = texts.filter(texts.str.count_matches(" ") >= _WORDS - 1)
    if texts.is_empty():
        return False
    return (
        bool(texts.str.contains(_POSTCODE).any())
        or _has_nhs_numbers(texts)
        or _has_names(texts, known)
    )


def _has_nhs_numbers(texts: pl.Series) -> bool:
    found = texts.str.extract_all(_TEN_DIGITS).explode(empty_as_null=True).drop_nulls()
    return bool(has_check_digit(found.str.replace_all(r"\D", "").cast(pl.Int64)).any())


def _has_names(texts: pl.Series, known: Known) -> bool:
    """Whether more texts than a few have two names of a register side by side."""
    if len(texts) < _TEXTS:
        return False
    words = (
        pl.DataFrame({"text": range(len(texts)), "run": texts.str.extract_all(_CAPITALISED)})
        .explode("run", empty_as_null=True)
        .drop_nulls("run")
        .with_row_index("place")
        .with_columns(word=pl.col("run").str.to_lowercase().str.extract_all(r"[a-z']+"))
        .explode("word", empty_as_null=True)
    )
    words = words.with_columns(named=known.names.has(words["word"]))
    pairs = pl.col("named") & pl.col("named").shift().over("place")
    naming = words.filter(pairs)["text"].n_unique()
    return naming >= _NAMED and naming >= _SHARE * len(texts)
