"""`python -m tre.desk`: serve the desk on this machine, as a service of the hub."""

import uvicorn

from tre.config import Config
from tre.desk import verbs
from tre.desk.app import create_app
from tre.desk.sign_in import SignIn


def main() -> None:
    """Serve what the settings say until the hub stops us."""
    serve(Config.load())


def serve(config: Config, sign_in: SignIn | None = None) -> None:
    """Open the environment and serve it; without `sign_in`, people come through its hub."""
    tre = verbs.open_tre(config)
    try:
        uvicorn.run(
            create_app(tre, sign_in=sign_in),
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
