"""How the services of the hub learn the settings of this installation, and are kept running."""

import shutil
from dataclasses import fields

from tre.config import Config


def service_environment(config: Config) -> dict[str, str]:
    """Hand the installation's settings on, by the names that Config.load reads."""
    values = {f"TRE_{one.name.upper()}": getattr(config, one.name) for one in fields(config)}
    return {name: str(value) for name, value in values.items() if value != ""}


_SECONDS_OF_HEALTH = 10
_KEEP = f"""\
stop() {{ kill -TERM "$service" 2>/dev/null; wait "$service"; exit 0; }}
trap stop TERM INT
while :; do
  began=$(date +%s)
  "$@" & service=$!
  wait "$service"; status=$?
  [ $(( $(date +%s) - began )) -ge {_SECONDS_OF_HEALTH} ] || exit "$status"
done
"""


def kept_running(*command: str) -> list[str]:
    """Start a service again at once when it ends by itself.

    JupyterHub does so too, but looks only every half minute: that is left for a service that
    ended soon after its start, which would not come up the next moment either. Should the shell
    itself be killed, the service ends with it, where setpriv(1) is there to say so.
    """
    setpriv = shutil.which("setpriv")
    bound = [setpriv, "--pdeathsig", "TERM", "--"] if setpriv else []
    return ["/bin/sh", "-c", _KEEP, "tre-service", *bound, *command]
