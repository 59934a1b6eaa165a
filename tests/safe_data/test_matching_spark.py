"""The same matching on Spark, for linkages that one machine cannot hold."""

import importlib.util
import os
import shutil

import polars as pl
import pytest

from tests.safe_data.two_files import RECORD, SENT, two_files
from tre.decision import UnusableRequestError
from tre.safe_data.linking import engines
from tre.safe_data.linking.matching import How, match_files

HAS_SPARK = importlib.util.find_spec("pyspark") is not None
HAS_JAVA = bool(os.environ.get("JAVA_HOME")) or shutil.which("java") is not None
MAY_DIFFER, BITS = 0.02, 0.5
"""Share of the links that may be another backend's alone, and of those that both name of which
the weights may be further apart than so many bits: two programs compute the similarity of names,
and a pair of names within a rounding error of a limit falls on either side of it."""
IDENTIFIERS = ("first_name", "last_name", "date_of_birth", "postcode")


@pytest.mark.slow
@pytest.mark.timeout(1_200)
@pytest.mark.skipif(not HAS_JAVA, reason="no Java 17 here: apt-get install openjdk-17-jre-headless")
@pytest.mark.skipif(not HAS_SPARK, reason="no pyspark here: `make spark` installs it")
def test_spark_and_duckdb_agree():
    files = two_files(seed=5, people=2_000, sent=200, register=800)
    by = {
        backend: match_files(
            files.sent,
            SENT,
            files.register,
            RECORD,
            How(seed=1, identifiers=IDENTIFIERS, backend=backend),
        )
        for backend in ("duckdb", "spark")
    }
    one, other = by["duckdb"].links, by["spark"].links
    both = one.join(other, on=[SENT, RECORD], suffix="_spark")
    assert len(both) >= (1 - MAY_DIFFER) * max(len(one), len(other)) > 150
    apart = (pl.col("match_weight") - pl.col("match_weight_spark")).abs()
    assert len(both.filter(apart > BITS)) <= MAY_DIFFER * len(both)
    assert by["spark"].charts.keys() == by["duckdb"].charts.keys()


def test_only_a_cluster_reaches_the_driver(monkeypatch):
    monkeypatch.delenv("SPARK_MASTER", raising=False)
    alone = engines._spark_settings("scratch", "splink.jar")
    assert (alone["spark.master"], alone["spark.driver.bindAddress"]) == ("local[2]", "127.0.0.1")
    monkeypatch.setenv("SPARK_MASTER", "spark://head.example:7077")
    cluster = engines._spark_settings("scratch", "splink.jar")
    assert cluster["spark.master"] == "spark://head.example:7077"
    assert not {"spark.driver.host", "spark.driver.bindAddress"} & set(cluster)


@pytest.mark.parametrize(
    ("pyspark", "java", "message"),
    [(False, True, "needs pyspark and pandas"), (True, False, "needs Java 17")],
)
def test_what_spark_needs_is_said_in_a_sentence(monkeypatch, pyspark, java, message):
    def present(name):
        if not pyspark:
            raise ImportError(name)

    monkeypatch.setattr(engines, "import_module", present)
    monkeypatch.setattr(engines.shutil, "which", lambda name: "/usr/bin/java" if java else None)
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(UnusableRequestError, match=message), engines.engine("spark"):
        pass
