"""Read by the single-user server, and the only configuration that it reads."""

import os
from pathlib import Path

from tre.hub.server.settings import configure

configure(get_config(), Path(os.environ["TRE_SESSION_FOLDER"]))  # type: ignore[name-defined]  # noqa: F821 - traitlets gives it
