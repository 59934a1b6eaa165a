"""Starts the single-user server of one session: `python -m tre.hub.server`."""

import sys
from pathlib import Path

from jupyterhub.singleuser import main

if __name__ == "__main__":
    sys.argv[1:1] = ["--config", str(Path(__file__).parent / "jupyter_server_config.py")]
    main()
