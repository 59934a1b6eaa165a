"""`python -m tre.desk`: serve the desk on this machine, as a service of the hub."""

import uvicorn

from tre.config import Config
from tre.desk import verbs
from tre.desk.app import create_app


def main() -> None:
    """Open the environment and serve until the hub stops us."""
    config = Config.load()
    tre = verbs.open_tre(config)
    try:
        uvicorn.run(
            create_app(tre),
            host=config.host,
            port=config.desk_listens_on,
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,
        )
    finally:
        tre.close()


if __name__ == "__main__":
    main()
