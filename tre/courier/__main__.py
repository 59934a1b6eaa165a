"""Run the courier: `python -m tre.courier`, with TRE_HOME in the environment."""

import sys

from tre import background
from tre.courier.serving import serve


def main() -> int:
    """Serve until SIGTERM; 3 where it cannot start."""
    return background.run("courier", serve)


if __name__ == "__main__":
    sys.exit(main())
