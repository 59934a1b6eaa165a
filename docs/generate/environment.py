"""environment.yml for people who use conda: the same requirements, word for word."""

from docs.generate.project import NOT_INSTALLED, python_versions, requirements

HEAD = """\
# Written by `make docs` from pyproject.toml; edits here are lost.
# For people who use conda: conda env create -f environment.yml && conda activate tre-simulator
# Then: pip install --no-deps -e . && python -m tre.hub.install_proxy && tre up
# The packages come through pip because these are the builds that the tests run with. Where pip
# finds no CPU build of PyTorch it takes PyPI's, a download of gigabytes: leave out "synthetic".
# Spark, which needs Java, is left out: pip install -r deploy/lock/spark.txt brings it.
name: tre-simulator
channels:
  - conda-forge
dependencies:
"""


def page() -> str:
    """List Python and pip from conda, everything else by pip, grouped as the extras are."""
    lines = [f'  - "python{python_versions()}"', "  - pip", "  - pip:"]
    chosen = {key: some for key, some in requirements().items() if key not in NOT_INSTALLED}
    for extra, wanted in chosen.items():
        lines.append(f"      # {extra}")
        lines += [f'      - "{requirement}"' for requirement in wanted]
    return HEAD + "\n".join(lines) + "\n"
