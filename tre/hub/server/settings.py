"""How the single-user server is hardened, setting by setting.

What each keeps from happening is shown by tests/hub/test_served_hub.py.
"""

import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

from traitlets.config import Config as Traits

from tre.hub.server.channels import BoundedKernels
from tre.hub.server.contents import WorkspaceContents
from tre.hub.server.kernels import OnlySealedKernels
from tre.hub.server.messages import CountedMessages
from tre.hub.server.notebooks import NOTEBOOK_BYTES
from tre.hub.server.permissions import NothingLeavesAuthorizer
from tre.hub.session_file import read_session

LAB_EXTENSIONS = (
    Path(sys.prefix) / "share/jupyter/labextensions",
    Path(__file__).parents[1] / "lab",
)
"""Those that were installed with Python packages, and the session's bar; nobody's own."""
BODY_BYTES = 2 * NOTEBOOK_BYTES
"""Of one request: a notebook with its longest spelling."""
STARTER = "01-attainment-by-diagnosis.ipynb"


def configure(c: Traits, folder: Path) -> None:
    """Harden one session's server.

    folder: what the spawner wrote for this session: `session.json`, `kernels/`, `jupyter/`.
    """
    workspace = read_session(folder / "session.json").spec.workspace
    c.SessionServer.session_folder = str(folder)
    _serve(c, workspace)
    _refuse_what_leaves(c)
    _start_only_sealed_kernels(c, folder)
    _keep_lab_quiet(c, folder.parent / "private" / "lab")


def _serve(c: Traits, workspace: Path) -> None:
    c.ServerApp.root_dir = str(workspace)
    c.ServerApp.default_url = f"/lab/tree/{STARTER}" if (workspace / STARTER).is_file() else "/lab"
    c.ServerApp.tornado_settings = {
        "headers": {
            "Content-Security-Policy": content_security_policy(dict(os.environ)),
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "same-origin",
        }
    }
    c.ServerApp.shutdown_no_activity_timeout = 0
    # How old the hub's answer may be that a browser may be here.
    c.HubAuth.cache_max_age = 30


def _refuse_what_leaves(c: Traits) -> None:
    c.ServerApp.authorizer_class = NothingLeavesAuthorizer
    c.ServerApp.contents_manager_class = WorkspaceContents
    c.ContentsManager.allow_hidden = False
    c.ServerApp.max_body_size = c.ServerApp.max_buffer_size = BODY_BYTES
    c.ServerApp.allow_unauthenticated_access = False
    c.ServerApp.kernel_websocket_connection_class = CountedMessages
    c.ServerApp.terminals_enabled = False
    c.ServerApp.jpserver_extensions = {
        "jupyter_server_terminals": False,
        "jupyter_lsp": False,
        "jupyterlab": True,
        "tre.hub.server.notice": True,
    }


def _start_only_sealed_kernels(c: Traits, folder: Path) -> None:
    c.ServerApp.kernel_spec_manager_class = OnlySealedKernels
    c.ServerApp.kernel_manager_class = BoundedKernels
    c.KernelsWithRoom.settings = str(folder)
    c.OnlySealedKernels.folder = str(folder / "kernels")
    c.KernelManager.transport = "ipc"
    c.FileCheckpoints.root_dir = str(folder.parent / "private" / "checkpoints")
    c.MappingKernelManager.default_kernel_name = "python3"
    c.MappingKernelManager.cull_idle_timeout = 3 * 60 * 60
    c.MappingKernelManager.cull_connected = False


def _keep_lab_quiet(c: Traits, private: Path) -> None:
    c.LabApp.user_settings_dir = str(private / "settings")
    c.LabApp.workspaces_dir = str(private / "workspaces")
    c.LabApp.labextensions_path = [str(folder) for folder in LAB_EXTENSIONS]
    c.LabApp.extension_manager = "readonly"
    c.LabApp.news_url = None
    c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
    c.LabApp.collaborative = False


def content_security_policy(environment: dict[str, str]) -> str:
    """Say what a page of this server may load, send and open.

    Output of a cell runs script in the researcher's browser, outside the sandbox. It may talk to
    this server's own address and nothing else: not to the network, and not to the hub, the desk or
    another project's server, which share the host. (Going to another page cannot be forbidden.)
    """
    own, sockets = _own_addresses(environment)
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {own} 'unsafe-eval' 'unsafe-inline'",
            f"style-src {own} 'unsafe-inline'",
            f"img-src {own} data: blob:",
            f"font-src {own} data:",
            f"connect-src {own} {sockets}",
            f"worker-src {own} blob:",
            f"child-src {own} blob:",
            f"frame-src {own} blob:",
            f"media-src {own} data: blob:",
            f"manifest-src {own}",
            "object-src 'none'",
            f"form-action {own}",
            f"base-uri {own}",
            "frame-ancestors 'none'",
            "sandbox allow-scripts allow-same-origin allow-forms allow-modals",
        )
    )


def _own_addresses(environment: dict[str, str]) -> tuple[str, str]:
    """This server's part of the address that browsers see, for pages and for WebSockets."""
    prefix = environment.get("JUPYTERHUB_SERVICE_PREFIX", "")
    public = urlsplit(environment.get("TRE_HUB_URL", ""))
    if not prefix or not public.netloc:
        return "'self'", ""
    sockets = "wss" if public.scheme == "https" else "ws"
    return f"{public.scheme}://{public.netloc}{prefix}", f"{sockets}://{public.netloc}{prefix}"
