"""Starts the single-user server of one session: `python -m tre.hub.server`."""

import os
import resource
import sys
from pathlib import Path

from jupyterhub.singleuser.extension import JupyterHubSingleUser

from tre.hub.server.application import SessionServer, read_no_other_configuration

MEMORY_BYTES = 3 * 2**29
"""Ten times what a server needs. A kernel that sends more than that ends its own server alone."""


def main() -> None:
    """Serve until the hub stops it."""
    # The soft limit: kernels, which are started from here, take limits of their own.
    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES, hard))
    read_no_other_configuration(Path(os.environ["TRE_SESSION_FOLDER"]))
    for name in ("JUPYTER_CONFIG_PATH", "JUPYTER_PATH", "JUPYTERHUB_SINGLEUSER_TEST_EXTENSION"):
        os.environ.pop(name, None)
    JupyterHubSingleUser.serverapp_class = SessionServer  # ty: ignore[invalid-assignment] - made to be set
    configuration = str(Path(__file__).parent / "jupyter_server_config.py")
    JupyterHubSingleUser.launch_instance(["--config", configuration, *sys.argv[1:]])


if __name__ == "__main__":
    main()
