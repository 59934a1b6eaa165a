"""How the services of the hub learn the settings of this installation."""

from typing import Any

from tre.config import Config


def service_environment(config: Config) -> dict[str, str]:
    """Hand the installation's settings on, by the names that Config.load reads."""
    values: dict[str, Any] = {
        "TRE_HOME": config.home,
        "TRE_DATABASE_URL": config.database_url,
        "TRE_HOST": config.host,
        "TRE_PORT": config.port,
        "TRE_DESK_PORT": config.desk_port,
        "TRE_PEOPLE": config.people,
        "TRE_SEED": config.seed,
        "TRE_PLACE": config.place,
        "TRE_HUB_URL": config.hub_url,
        "TRE_DESK_URL": config.desk_url,
    }
    return {name: str(value) for name, value in values.items() if value}
