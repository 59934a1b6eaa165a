"""`python -m tests.hub.serve_fake HOME PORT`: `tre up` with the fake gate."""

import sys
from pathlib import Path

from tre.config import Config
from tre.hub.preflight import CannotServeError
from tre.hub.up import serve

if __name__ == "__main__":
    config = Config(home=Path(sys.argv[1]), port=int(sys.argv[2]))
    try:
        serve(config, configuration=Path(__file__).with_name("fake_hub_config.py"))
    except CannotServeError as error:
        sys.exit(str(error))
