"""`python -m benchmarks.sessions.serve HOME PORT`: `tre up` on a home that has its people."""

import sys
from pathlib import Path

from tre.config import Config
from tre.hub.preflight import CannotServeError
from tre.hub.up import serve

if __name__ == "__main__":
    try:
        serve(Config(home=Path(sys.argv[1]), port=int(sys.argv[2])))
    except CannotServeError as error:
        sys.exit(str(error))
