"""JupyterHub's settings, each with its reason; `tre.hub.configure` is the way in."""

import sys
from pathlib import Path

from traitlets.config import Config as Traits

from tre.config import Config
from tre.hub.authenticator import authenticator_for
from tre.hub.endings import ending_pages, endings_for_pages
from tre.hub.gate import Gate, StepsGate
from tre.hub.look import page_policy, template_values
from tre.hub.ports import Ports, ports_of
from tre.hub.proxy_program import proxy_command
from tre.hub.services import kept_running, service_environment
from tre.hub.spawner import spawner_for
from tre.hub.still_signed_in import THE_DESKS

HERE = Path(__file__).parent

LOOK_SECONDS = 2
"""How often the hub looks whether its proxy and the servers of sessions still run."""
ASK_AGAIN_SECONDS: int = -1
"""How old the answer may be that somebody who is signed in may be; below 0, it is asked each time.

JupyterHub keeps one answer for all browsers and tokens of a person, so that one that is over would
live on by the answer that another got.
"""
OF_EVERYBODY = (
    "read:users!user",
    "users:activity!user",
    "servers!user",
    "access:servers!user",
    "access:services!service=desk",
)
"""What everybody may do at the hub: their own sessions, and the desk.

Of JupyterHub's `self` it leaves out making and reading tokens, which nothing here needs and which
would outlive a sign-in, and shares.
"""


def configure(c: Traits, config: Config, gate: Gate) -> None:
    """Set up the hub for one data home."""
    folder = config.home / "hub"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    ports = ports_of(config)
    _listen(c, config, ports)
    _keep_state(c, config, folder)
    _start_proxy(c, folder, ports)
    _sign_people_in(c, config, gate)
    _start_sessions(c, config, gate)
    _look(c, config, gate)
    _run_services(c, config)


def _listen(c: Traits, config: Config, ports: Ports) -> None:
    c.JupyterHub.bind_url = f"http://{config.host}:{ports.hub}"
    c.JupyterHub.hub_ip = "127.0.0.1"
    c.JupyterHub.hub_port = ports.inner
    c.JupyterHub.log_level = "INFO"


def _keep_state(c: Traits, config: Config, folder: Path) -> None:
    c.JupyterHub.db_url = f"sqlite:///{folder / 'jupyterhub.sqlite'}"
    c.JupyterHub.cookie_secret_file = str(folder / "cookie_secret")
    # Nobody stays signed in longer than a session may last; a server's own tokens end with it.
    c.JupyterHub.cookie_max_age_days = config.session_hours / 24
    c.JupyterHub.oauth_token_expires_in = config.session_hours * 60 * 60
    # A hub that is asked to stop stops everything; one that is killed leaves the sessions running.
    c.JupyterHub.cleanup_servers = True
    c.JupyterHub.cleanup_proxy = True
    c.JupyterHub.shutdown_on_logout = True


def _start_proxy(c: Traits, folder: Path, ports: Ports) -> None:
    c.ConfigurableHTTPProxy.command = proxy_command()
    c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{ports.proxy}"
    c.ConfigurableHTTPProxy.pid_file = str(folder / "proxy.pid")
    c.ConfigurableHTTPProxy.log_level = "warn"
    c.ConfigurableHTTPProxy.check_running_interval = LOOK_SECONDS


def _sign_people_in(c: Traits, config: Config, gate: Gate) -> None:
    c.JupyterHub.authenticator_class = authenticator_for(gate)
    if config.oidc_issuer and isinstance(gate, StepsGate):
        from tre.hub.oidc import use_provider  # noqa: PLC0415 - few installations have a provider

        use_provider(c, config, gate)
    # The step has already said who has an account; what they may open is asked for every session.
    c.Authenticator.allow_all = True
    c.Authenticator.admin_users = set()
    c.Authenticator.auth_refresh_age = ASK_AGAIN_SECONDS
    c.Authenticator.auth_refresh_strict = True
    c.Authenticator.refresh_pre_spawn = True
    c.JupyterHub.admin_access = False


def _start_sessions(c: Traits, config: Config, gate: Gate) -> None:
    c.JupyterHub.spawner_class = spawner_for(gate, config)
    c.JupyterHub.allow_named_servers = True
    c.JupyterHub.default_url = "/hub/home"
    c.JupyterHub.implicit_spawn_seconds = 0
    c.Spawner.disable_user_config = True
    c.Spawner.start_timeout = 120
    c.Spawner.http_timeout = 120
    c.Spawner.poll_interval = LOOK_SECONDS
    # Asked to stop, then told to, then killed: with the notice before it, within a minute.
    c.LocalProcessSpawner.interrupt_timeout = 6
    c.LocalProcessSpawner.term_timeout = 2
    c.LocalProcessSpawner.kill_timeout = 2
    c.Spawner.server_token_scopes = ["users:activity!user", "access:servers!server"]


def _look(c: Traits, config: Config, gate: Gate) -> None:
    c.JupyterHub.template_paths = [str(HERE / "templates")]
    sessions = config.home / "sessions"
    endings = {"tre_ending": endings_for_pages(sessions)}
    c.JupyterHub.template_vars = template_values(config, gate) | endings
    c.JupyterHub.extra_handlers = ending_pages(sessions)
    c.JupyterHub.tornado_settings = {
        # Of the hub, and of sessions: no other site's page sends them along.
        "cookie_options": {"samesite": "Lax"},
        "headers": {
            "Content-Security-Policy": page_policy(config),
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "same-origin",
        },
    }


def _run_services(c: Traits, config: Config) -> None:
    environment = service_environment(config)
    c.JupyterHub.services = [
        {
            "name": "desk",
            "command": kept_running(sys.executable, "-m", "tre.desk"),
            "environment": environment,
            "oauth_client_id": THE_DESKS,
            "oauth_redirect_uri": f"{config.desk_address}/oauth_callback",
            "oauth_no_confirm": True,
            "display": False,
        },
        {
            "name": "courier",
            "command": kept_running(sys.executable, "-m", "tre.courier"),
            "environment": environment,
            "display": False,
        },
        {
            "name": "run-again",
            "command": kept_running(sys.executable, "-m", "tre.hub.reproducing"),
            "environment": environment,
            "display": False,
        },
    ]
    c.JupyterHub.load_roles = [
        {
            "name": "user",
            "description": "Everybody: their own sessions, and the desk",
            "scopes": list(OF_EVERYBODY),
        },
    ]
