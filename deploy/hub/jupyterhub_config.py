"""JupyterHub's configuration: `jupyterhub -f deploy/hub/jupyterhub_config.py`, or `tre up`."""

from tre.config import Config
from tre.hub import configure

c = get_config()  # noqa: F821 - JupyterHub gives it

# TRE_HOME names the data home; its tre.toml and TRE_* variables hold the settings.
configure(c, Config.load())
