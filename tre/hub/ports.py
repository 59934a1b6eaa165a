"""The four TCP ports of one installation, all on this machine alone."""

from dataclasses import dataclass

from tre.config import Config


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """hub and desk are for browsers; inner is the hub behind its proxy, proxy the proxy's own."""

    hub: int
    desk: int
    inner: int
    proxy: int


def ports_of(config: Config) -> Ports:
    """Count on from the hub's port, past the desk's; near the end of the range, downwards."""
    taken = {config.port, config.desk_listens_on}
    upwards = range(config.port + 1, 65_536)
    downwards = range(config.port - 1, 1_023, -1)
    free = (port for ports in (upwards, downwards) for port in ports if port not in taken)
    return Ports(hub=config.port, desk=config.desk_listens_on, inner=next(free), proxy=next(free))
