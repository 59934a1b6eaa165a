"""What a browser may ask of the server: what a session needs, and nothing that is not named."""

from jupyter_server.base.handlers import JupyterHandler
from jupyterhub.singleuser.extension import JupyterHubAuthorizer

ALLOWED = {
    "api": {"read"},
    "config": {"read"},
    "contents": {"read", "write"},
    "events": {"execute"},
    "kernels": {"read", "write", "execute"},
    "kernelspecs": {"read"},
    "nbconvert": {"read"},
    "sessions": {"read", "write"},
    "tre": {"read"},
}
"""Jupyter's resources, and what may be done with each. routes.py says which addresses they have."""


class NothingLeavesAuthorizer(JupyterHubAuthorizer):
    """Lets the hub say who may be here, and refuses to everyone what a session does not need."""

    def is_authorized(
        self, handler: JupyterHandler, user: object, action: str, resource: str
    ) -> bool:
        """Refuse what is not allowed to anyone, then ask the hub."""
        if action not in ALLOWED.get(resource, ()):
            return False
        return super().is_authorized(handler, user, action, resource)
