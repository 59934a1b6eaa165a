"""Every direct dependency with its version, licence and reason."""

from docs.generate.markdown import opening, table
from docs.generate.project import name_of, pinned, requirements
from docs.generate.reasons import REASONS

INTRODUCTION = """
Everything that the project asks for by name. What these bring along is pinned, with hashes, in
`deploy/lock/requirements.txt`. Versions are the locked ones; licences are as each project states
them. The project itself is under the Apache License 2.0.
"""

TITLES = {
    "base": "The base: all that `output_checks` needs",
    "tre": "`tre`: the environment around it",
    "spark": "`spark`: linkages larger than one machine",
    "synthetic": "`synthetic`: practice data made by SDV",
    "test": "`test`: what the tests use",
    "peers": "`peers`: what `output_checks` is measured against",
    "lint": "`lint`: what looks at the code, and makes the lock",
}

SPARK = """
Not part of `make up`: it needs Java, and brings 400 megabytes that one machine has no use for.
`make spark` adds it to `.venv`, at the version and with the hashes of `deploy/lock/spark.txt`. How
to use it: [linkages larger than one machine](how-to/scale-linkage.md).
"""

SDV = """
**SDV is not open source.** SDV, and the parts it brings (RDT, Copulas, CTGAN, DeepEcho), are under
the Business Source License 1.1: any use is allowed except offering other people a commercial
synthetic-data service; four years after its publication each version becomes MIT. That suits a
simulator, teaching and research. If it does not suit you, leave the extra out: in an environment
of your own, `pip install -e '.[tre]'`, `python -m tre.hub.install_proxy` and `tre up` take the
place of `make up`. Everything else works; only making a practice twin says that it needs the
extra. See [the decision](decisions/0008-sdv-behind-an-extra.md).

PyTorch is there for SDV alone. It is pinned by version only and installed by pip in a step of its
own: where pip is told of a folder with a CPU build (`find-links`), that one is taken; elsewhere
PyPI's build comes, with its CUDA libraries, a download of several gigabytes. To avoid that, put the
CPU wheel in a folder and set `PIP_FIND_LINKS` to it before `make up`.
"""

PEERS = """
No part of the project imports these: `make bench` and a few tests start them in a process of their
own and read what they answer. Where the extra is left out, those tests say so and are skipped, and
the benchmarks leave the comparison out. They are pinned exactly, because the pages and tests that
speak of them speak of these versions.
"""

ABOVE_THE_TABLE = {"spark": SPARK, "synthetic": SDV, "peers": PEERS}


def page() -> str:
    """Draw a section an extra."""
    text = opening("Dependencies", "pyproject.toml and docs/generate/reasons.py", INTRODUCTION)
    versions = pinned()
    for extra, wanted in requirements().items():
        text += f"## {TITLES[extra]}\n\n"
        text += ABOVE_THE_TABLE[extra].lstrip() + "\n" if extra in ABOVE_THE_TABLE else ""
        rows = [_row(requirement, versions) for requirement in wanted]
        text += table(("package", "asked for", "locked", "licence", "why"), rows) + "\n"
    return text.rstrip() + "\n"


def _row(requirement: str, versions: dict[str, str]) -> tuple[str, ...]:
    name = name_of(requirement)
    licence, reason = REASONS[name]
    asked = requirement[len(name) :].strip() or "any"
    return (f"**{name}**", f"`{asked}`", versions[name], licence, reason)
