"""Where splink computes: DuckDB in this process, or Spark where one machine is too small."""

import os
import shutil
import tempfile
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import duckdb
import polars as pl
from splink import DuckDBAPI

from tre.decision import UnusableRequestError

THREADS = 2
MEMORY_GIB = 3
"""What DuckDB holds in memory at most, besides the files that it is given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """interface: a splink database. dialect: of its SQL. as_frame: reads columns of a table."""

    dialect: str
    interface: Any
    as_frame: Callable[[Any, list[str]], pl.DataFrame]


@contextmanager
def engine(backend: str) -> Generator[Engine]:
    """Open the engine of this name, `duckdb` or `spark`, and close it afterwards.

    Raises UnusableRequestError for another name, or where Spark or Java is not installed.
    """
    opened = {"duckdb": _duckdb, "spark": _spark}.get(backend)
    if opened is None:
        message = f"the backend must be duckdb or spark, not {backend!r}"
        raise UnusableRequestError(message)
    with opened() as made:
        yield made


@contextmanager
def _duckdb() -> Generator[Engine]:
    with (
        tempfile.TemporaryDirectory(prefix="tre-duckdb-") as scratch,
        duckdb.connect(config={"threads": THREADS}) as connection,
    ):
        # What does not fit is put on disk: a register of millions needs room, not more memory.
        connection.execute(f"SET memory_limit = '{MEMORY_GIB}GiB'")
        connection.execute(f"SET temp_directory = '{scratch}'")
        connection.execute("SET enable_progress_bar = false")
        connection.execute("SET enable_progress_bar_print = false")
        connection.execute("SET preserve_insertion_order = false")

        def as_frame(table: Any, columns: list[str]) -> pl.DataFrame:
            chosen = connection.table(table.physical_name).project(", ".join(columns))
            return pl.DataFrame(chosen.to_arrow_table())

        yield Engine(dialect="duckdb", interface=DuckDBAPI(connection), as_frame=as_frame)


@contextmanager
def _spark() -> Generator[Engine]:
    """A session of its own, in local mode unless SPARK_MASTER names a cluster."""
    sessions, splink_spark = _installed()
    with tempfile.TemporaryDirectory(prefix="tre-spark-") as scratch:
        builder = sessions.SparkSession.builder.appName("tre")
        for name, value in _spark_settings(scratch, splink_spark.similarity_jar_location()).items():
            builder = builder.config(name, value)
        session = builder.getOrCreate()
        try:
            session.sparkContext.setLogLevel("ERROR")
            session.sparkContext.setCheckpointDir(f"{scratch}/checkpoints")
            interface = splink_spark.SparkAPI(spark_session=session)
            yield Engine(dialect="spark", interface=interface, as_frame=_spark_frame)
        finally:
            session.stop()


def _installed() -> tuple[Any, Any]:
    """The modules of Spark and of splink for it, where Java is there to run them."""
    try:
        sessions = import_module("pyspark.sql")
        splink_spark = import_module("splink.backends.spark")
        import_module("pandas")  # splink asks of every table whether it is one of pandas
    except ImportError as error:
        message = "the backend spark needs pyspark and pandas, which `make spark` installs"
        raise UnusableRequestError(message) from error
    if not os.environ.get("JAVA_HOME") and shutil.which("java") is None:
        message = "the backend spark needs Java 17 or newer, and there is none on this machine"
        raise UnusableRequestError(message)
    return sessions, splink_spark


def _spark_settings(scratch: str, jar: str) -> dict[str, str]:
    """jar: splink's functions for comparing text.

    On this machine nobody else may reach the driver, and small files need few partitions; the
    workers of a cluster must reach it, and its own settings say how finely it divides.
    """
    master = os.environ.get("SPARK_MASTER", f"local[{THREADS}]")
    settings = {
        "spark.master": master,
        "spark.jars": jar,
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.warehouse.dir": f"{scratch}/warehouse",
        "spark.local.dir": scratch,
    }
    if not master.startswith("local"):
        return settings
    alone = dict.fromkeys(("spark.driver.host", "spark.driver.bindAddress"), "127.0.0.1")
    parts = ("spark.sql.shuffle.partitions", "spark.default.parallelism")
    return settings | alone | dict.fromkeys(parts, str(2 * THREADS))


def _spark_frame(table: Any, columns: list[str]) -> pl.DataFrame:
    return pl.DataFrame(table.as_spark_dataframe().select(*columns).toArrow())
