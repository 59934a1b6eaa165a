"""Run the courier: `python -m tre.courier`, with TRE_HOME in the environment."""

import logging
import sys
import threading

from tre.config import Config
from tre.courier.serving import serve, stop_on_signals
from tre.decision import UnusableRequestError


def main() -> int:
    """Serve until SIGTERM; 3 where it cannot start."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s courier %(message)s")
    stop = threading.Event()
    stop_on_signals(stop)
    try:
        serve(Config.load(), stop)
    except UnusableRequestError as error:
        sys.stderr.write(f"courier: {error}\n")
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
