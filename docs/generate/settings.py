"""The settings of an installation, from tre.config; one without a meaning here is an error."""

from dataclasses import MISSING, Field, fields

from docs.generate.markdown import opening, table
from tre.config import Config

INTRODUCTION = """
One machine needs no settings at all. To change one, write it in `tre.toml` in the data home
(`port = 8800`), or set its variable, which wins (`TRE_PORT=8800`). `make up` passes on `PEOPLE`,
`PORT` and `TRE_HOME`. A setting that does not exist, or has the wrong kind of value, is an error:
nothing falls back to a default.
"""

MEANINGS = {
    "home": "The data home: everything that the environment keeps. Set by `--home` or `TRE_HOME`.",
    "database_url": "SQLAlchemy's address of a PostgreSQL; empty for SQLite in the data home.",
    "host": "The address that the hub and the desk listen on.",
    "port": "The hub's TCP port.",
    "desk_port": "The desk's TCP port; 0 for the hub's and one more.",
    "people": "How many people a new simulated world has, from 1,000 to 3,000,000.",
    "seed": "The seed of a new world: the same seed gives the same world, byte for byte.",
    "linkage_backend": "Where linkages compare identifiers: `duckdb`, or `spark` past one machine.",
    "place": "The ONS access level of the room in which this machine's sessions are used.",
    "hub_url": "The hub's address as browsers reach it, behind a proxy with TLS.",
    "desk_url": "The desk's address as browsers reach it; another origin than the hub's.",
    "session_memory_mib": "Memory of one session's kernels, in MiB.",
    "session_cpu_percent": "Processor time of one session's kernels, in percent of one core.",
    "session_processes": "How many processes and threads one session may have.",
    "session_file_mib": "The largest file that a session may write, in MiB.",
    "session_tmp_mib": "The size of a session's private `/tmp`, in MiB.",
    "session_idle_minutes": "A session without a sign of life for so long is ended.",
    "session_hours": "No session lives longer, used or not.",
    "session_shown_mib": "MiB of one project that a person may be shown in 24 hours; all counted.",
    "rerun_minutes": "How long a request's code may take when it is run again; 0 for never.",
    "request_file_mib": "The largest file of a release request, in MiB, from 1 to 47.",
    "request_mib": "How large all files of a release request may be together, in MiB.",
    "request_files": "How many files a release request may have, by a session as at the desk.",
    "request_table_cells": "The most cells of a declared table that a person is asked to review; "
    "one with more fails its check. From 100 to 200,000.",
    "workspace_mib": "How large a project's workspace may grow, in MiB.",
    "packages": "Wheels that sessions may install from; empty for `packages` in the data home.",
    "checkpoint_folder": "A folder, mounted from another machine, to which the ledger's daily "
    "checkpoints are copied; empty for none. What is there is never written over.",
    "smtp_url": "The mail server, such as `smtp://host:25` or `smtps://user:password@host`; empty "
    "for a mailbox folder, `mail` in the data home. A password is sent over TLS alone.",
    "oidc_issuer": "An OpenID Connect provider that signs people in; empty for passwords here.",
    "oidc_client_id": "As whom the provider knows this hub.",
    "oidc_client_secret_file": "A file, mode 0600, that holds the hub's secret with the provider.",
    "oidc_second_factor": "The word in the claim `amr` or `acr` that means a second factor.",
    "mail_from": "The sender's address of the environment's mail; empty for `tre@` its own host.",
}


def page() -> str:
    """Draw one row a setting."""
    rows = [
        (f"`{one.name}`", f"`TRE_{one.name.upper()}`", _default(one), MEANINGS[one.name])
        for one in fields(Config)
    ]
    headings = ("setting", "variable", "default", "meaning")
    return opening("Settings", "tre/config.py", INTRODUCTION) + table(headings, rows)


def _default(setting: Field) -> str:
    if setting.default is MISSING:
        return "`var/tre`"
    return "empty" if setting.default == "" else f"`{setting.default}`"
