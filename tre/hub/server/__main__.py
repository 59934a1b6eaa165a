"""Starts the single-user server of one session: `python -m tre.hub.server`."""

import os
import sys
from pathlib import Path

from jupyterhub.singleuser.extension import JupyterHubSingleUser

from tre.hub.server.application import SessionServer, read_no_other_configuration


def main() -> None:
    """Serve until the hub stops it."""
    read_no_other_configuration(Path(os.environ["TRE_SESSION_FOLDER"]))
    for name in ("JUPYTER_CONFIG_PATH", "JUPYTER_PATH", "JUPYTERHUB_SINGLEUSER_TEST_EXTENSION"):
        os.environ.pop(name, None)
    JupyterHubSingleUser.serverapp_class = SessionServer  # ty: ignore[invalid-assignment] - made to be set
    configuration = str(Path(__file__).parent / "jupyter_server_config.py")
    JupyterHubSingleUser.launch_instance(["--config", configuration, *sys.argv[1:]])


if __name__ == "__main__":
    main()
