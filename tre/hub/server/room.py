"""No kernel starts in a workspace that is larger than it may be."""

from pathlib import Path
from typing import Any

from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from tornado import web
from traitlets import Unicode

from tre.hub.notices import read_notice


class KernelsWithRoom(AsyncMappingKernelManager):
    """Starts kernels while the hub says that there is room; files can be deleted without one."""

    settings = Unicode(help="The session's folder that the hub writes.").tag(config=True)

    async def start_kernel(  # ty: ignore[incompatible-mutable-override] - jupyter_server's own form
        self, *args: Any, **kwargs: Any
    ) -> str:
        """Start a kernel, or say what must be done first."""
        if reason := read_notice(Path(str(self.settings))).get("no_kernels"):
            raise web.HTTPError(507, reason)
        return await super().start_kernel(*args, **kwargs)
