"""How the services of the hub learn the settings of this installation."""

from dataclasses import fields

from tre.config import Config


def service_environment(config: Config) -> dict[str, str]:
    """Hand the installation's settings on, by the names that Config.load reads."""
    values = {f"TRE_{one.name.upper()}": getattr(config, one.name) for one in fields(config)}
    return {name: str(value) for name, value in values.items() if value}
