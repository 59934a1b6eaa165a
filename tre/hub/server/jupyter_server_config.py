"""Read by the single-user server, and the only configuration that it reads."""

import os
from pathlib import Path

from tre.hub.server.settings import configure

c = get_config()  # noqa: F821 # ty: ignore[unresolved-reference] - traitlets gives it
configure(c, Path(os.environ["TRE_SESSION_FOLDER"]))
