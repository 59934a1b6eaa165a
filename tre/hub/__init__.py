"""JupyterHub for the environment: who signs in, which session starts, and how it is sealed."""

import sys
from typing import Any

from tre.config import Config

# jsonschema would build 39 grammars with it, in a second of every start, to check IRIs: of the
# schemas of Jupyter none names one. None means absent, which jsonschema does without.
sys.modules.setdefault("rfc3987_syntax", None)  # ty: ignore[no-matching-overload]


def configure(c: Any, config: Config) -> None:
    """Set up JupyterHub; the whole of `deploy/hub/jupyterhub_config.py` is a call of this."""
    from tre.hub.configuration import configure as set_up  # noqa: PLC0415 - sessions import this package too
    from tre.hub.gate import StepsGate  # noqa: PLC0415

    set_up(c, config, StepsGate(config))
