"""What a browser may ask of the server: everything but what carries files out."""

from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.base.handlers import JupyterHandler
from jupyterhub.singleuser.extension import JupyterHubAuthorizer
from tornado import web

CLOSED = frozenset({"nbconvert", "terminals", "config"})
"""Resources that may be listed (the interface asks for them) and not used."""

_REFUSAL = "files leave through a release request, not through the browser"


class NothingLeavesAuthorizer(JupyterHubAuthorizer):
    """Lets the hub say who may be here, and refuses exports and terminals to everyone."""

    def is_authorized(
        self, handler: JupyterHandler, user: object, action: str, resource: str
    ) -> bool:
        """Refuse what is closed, then ask the hub."""
        if resource in CLOSED and not _is_only_a_list(handler, resource):
            return False
        return super().is_authorized(handler, user, action, resource)


def _is_only_a_list(handler: JupyterHandler, resource: str) -> bool:
    path = (handler.request.path or "").rstrip("/")
    reading = handler.request.method in ("GET", "HEAD")
    return reading and (path.endswith("/api/nbconvert") or resource == "config")


class NoFiles(JupyterHandler):
    """Takes the place of the handler that sends a file as it is."""

    @allow_unauthenticated
    async def get(  # ty: ignore[incompatible-mutable-override] - as every handler does
        self, *_args: str, **_kwargs: str
    ) -> None:
        """Refuse, with the way that is open."""
        raise web.HTTPError(403, _REFUSAL)

    head = get
