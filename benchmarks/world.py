"""The whole life of a world: build, link, extract, opt out, refresh, destroy, prove.

As many people as the argument says, in a folder that is thrown away.
"""

import sys
import tempfile
from functools import partial
from pathlib import Path

import polars as pl

from benchmarks.measure import Measured
from tre.config import Config
from tre.safe_data import world
from tre.steps.destroy_extract import destroy_extract, extract_versions
from tre.steps.extracts import extract_of
from tre.steps.make_extract import make_extract
from tre.steps.run_linkage import quiet, run_linkage
from tre.steps.separation import prove_separation
from tre.steps.tre import Tre, open_tre
from tre.steps.world_record import World
from tre.steps.world_stages import STAGES, Building
from tre.training.demo import LINKER, STUDY
from tre.training.studies import with_data

SEED = 2026
REFRESHED = "npd"
OPT_OUT = 0.002
"""Share of the linked patients who object after the first run."""


def main(people: int) -> None:
    """Measure every stage of a world of so many people."""
    measured = Measured(facts={"people": people, "linkages": []})
    with tempfile.TemporaryDirectory() as folder:
        tre = open_tre(Config(home=Path(folder) / "tre", people=people, seed=SEED))
        try:
            _life_of(tre, measured)
        finally:
            tre.close()
    measured.report()


def _life_of(tre: Tre, measured: Measured) -> None:
    begun = World(people=tre.config.people, seed=SEED, built_on=tre.now().date())
    building = Building(tre=tre, world=begun, tell=quiet)
    for stage in STAGES[:2]:
        measured.time(stage.name, partial(stage.do, building), lambda _: _on_disk(tre))
    for one in world.linkages():
        _link(tre, measured, one)
    measured.time("extracts of all studies", lambda: _extracts(tre), lambda n: f"{n} extracts")
    gone = _opt_out(tre)
    measured.time(
        f"{REFRESHED} again, after opt-outs",
        lambda: run_linkage(tre, LINKER, REFRESHED),
        lambda run: f"{gone:,} patients objected; {run.sent:,} sent",
    )
    measured.time(
        "new version of its extract",
        lambda: make_extract(tre, LINKER, STUDY),
        lambda manifest: f"{manifest.people:,} people",
    )
    measured.time("earlier version destroyed, with proof", lambda: _destroy(tre), str)
    measured.time(
        "separation proved for everything",
        lambda: prove_separation(tre, LINKER),
        lambda proof: f"holds: {proof.holds}; {proof.counts['files']} files",
    )


def _on_disk(tre: Tre) -> str:
    files = (file for file in tre.folders.parties.rglob("*") if file.is_file())
    return f"{sum(file.stat().st_size for file in files) / 2**20:,.0f} MiB on disk"


def _link(tre: Tre, measured: Measured, one: world.Linkage) -> None:
    run = measured.time(
        f"linkage {one.id}",
        lambda: run_linkage(tre, LINKER, one.id),
        lambda run: f"{run.sent:,} sent, {run.matched:,} matched",
    )
    told = world.report(tre.folders.parties, one.id)
    measured.facts["linkages"].append(
        {
            "linkage": one.id,
            "sent": run.sent,
            "register": _people_of(tre, one),
            "matched": run.matched,
            "precision": told.precision,
            "recall": told.recall,
        }
    )


def _people_of(tre: Tre, one: world.Linkage) -> int:
    truth = tre.folders.parties / "simulator" / "truth" / f"{one.id}.parquet"
    return pl.scan_parquet(truth).select(pl.len()).collect().item()


def _extracts(tre: Tre) -> int:
    every = with_data()
    for project in every:
        make_extract(tre, LINKER, project)
    return len(every)


def _opt_out(tre: Tre) -> int:
    """Some linked patients object to all linkages, today; how many."""
    parties, today = tre.folders.parties, tre.now().date()
    file = parties / "slam" / "cris_opt_outs.parquet"
    key = world.linkage(REFRESHED).pseudonym
    sent = pl.read_parquet(parties / "slam" / "sent" / f"{REFRESHED}.parquet")
    several = max(round(len(sent) * OPT_OUT), 1)
    objects = sent.head(several).select(key, scope=pl.lit("all"), since=pl.lit(today))
    pl.concat([pl.read_parquet(file), objects]).sort(key).write_parquet(file)
    return several


def _destroy(tre: Tre) -> str:
    """Destroy every version that holds somebody who may be in none any more."""
    current = extract_of(tre, STUDY)
    due = [one for one in extract_versions(tre, LINKER, STUDY) if one.must_go]
    files = 0
    for one in due:
        files += len(destroy_extract(tre, LINKER, STUDY, one.version, "patients objected"))
    return f"{len(due)} version, {files} files; {current.name if current else 'none'} stays"


if __name__ == "__main__":
    main(int(sys.argv[1]))
