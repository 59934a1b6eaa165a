"""JupyterHub for the environment: who signs in, which session starts, and how it is sealed."""

from typing import Any

from tre.config import Config


def configure(c: Any, config: Config) -> None:
    """Set up JupyterHub; the whole of `deploy/hub/jupyterhub_config.py` is a call of this."""
    from tre.hub.configuration import configure as set_up  # noqa: PLC0415 - sessions import this package too
    from tre.hub.gate import StepsGate  # noqa: PLC0415

    set_up(c, config, StepsGate(config))
