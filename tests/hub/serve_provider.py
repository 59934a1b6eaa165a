"""`python -m tests.hub.serve_provider HOME`: `tre up`, the real gate, a provider's sign-in."""

import sys
from pathlib import Path

from tre.config import Config
from tre.hub.up import serve

if __name__ == "__main__":
    home = Path(sys.argv[1])
    serve(Config.load(home), configuration=Path(__file__).with_name("provider_hub_config.py"))
