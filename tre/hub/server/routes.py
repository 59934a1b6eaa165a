"""Every address of the single-user server, and whether it is open: what is not listed is closed."""

from collections.abc import Iterator
from typing import Any

from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.base.handlers import JupyterHandler
from tornado import web

from tre.hub.server.guarded import guarded

REFUSAL = "this is closed in a session; files leave through a release request"

OPEN = {
    # What runs a session: each asks the authorizer, and reads through contents.py.
    "jupyter_server.services.contents.handlers.ContentsHandler": "files and their names",
    "jupyter_server.services.contents.handlers.CheckpointsHandler": "copies of one's own work",
    "jupyter_server.services.contents.handlers.ModifyCheckpointsHandler": "the same",
    "jupyter_server.services.contents.handlers.TrustNotebooksHandler": "signs; shows nothing",
    "jupyter_server.services.kernels.handlers.MainKernelHandler": "sealed kernels alone",
    "jupyter_server.services.kernels.handlers.KernelHandler": "the same",
    "jupyter_server.services.kernels.handlers.KernelActionHandler": "the same",
    "jupyter_server.services.kernels.websocket.KernelWebsocketHandler": "counted, messages.py",
    "jupyter_server.services.sessions.handlers.SessionRootHandler": "which notebook has which",
    "jupyter_server.services.sessions.handlers.SessionHandler": "the same",
    "jupyter_server.services.kernelspecs.handlers.MainKernelSpecHandler": "the one kernel",
    "jupyter_server.services.kernelspecs.handlers.KernelSpecHandler": "the same",
    "jupyter_server.services.events.handlers.SubscribeWebsocket": "that a file changed",
    # What JupyterLab asks for; it shows the server's own settings and no file.
    "jupyter_server.services.api.handlers.APIStatusHandler": "how long, how many kernels",
    "jupyter_server.services.api.handlers.IdentityHandler": "one's own name",
    "jupyter_server.services.config.handlers.ConfigHandler": "read alone, permissions.py",
    "jupyter_server.services.nbconvert.handlers.NbconvertRootHandler": "a list of formats",
    "jupyter_server.base.handlers.APIVersionHandler": "a version; the hub asks for it",
    "jupyterlab_server.settings_handler.SettingsHandler": "kept in the private folder",
    "jupyterlab_server.workspaces_handler.WorkspacesHandler": "the layout of the window",
    "jupyterlab_server.translations_handler.TranslationsHandler": "words of the interface",
    "jupyterlab_server.themes_handler.ThemesHandler": "looks",
    "jupyterlab_server.listings_handler.ListingsHandler": "an empty list of extensions",
    "jupyterlab.handlers.error_handler.ErrorHandler": "where JupyterLab is not built",
    # The program itself: files of the installation.
    "jupyterlab_server.handlers.LabHandler": "the page",
    "jupyter_server.base.handlers.FileFindHandler": "scripts and styles",
    "jupyter_server.base.handlers.PublicStaticFileHandler": "robots.txt, the icon",
    "jupyter_server.base.handlers.TrailingSlashHandler": "goes on to the same without it",
    "jupyter_server.base.handlers.RedirectWithParams": "goes on to the page",
    "jupyter_server.base.handlers.Template404": "nothing is here",
    "jupyterlab_server.handlers.NotFoundHandler": "nothing is here",
    # Who is there.
    "jupyterhub.singleuser.extension.JupyterHubLogoutHandler": "sends to the hub",
    "jupyterhub.singleuser.extension.JupyterHubOAuthCallbackHandler": "comes from the hub",
    # Ours.
    "tre.hub.server.notice.NoticeHandler": "what the hub says to the session's owner",
}
"""Handlers that answer, and with what."""

CLOSED = {
    "jupyter_server.files.handlers.FilesHandler": "a file as it is",
    "jupyter_server.base.handlers.AuthenticatedFileHandler": "a file as it is",
    "jupyter_server.view.handlers.ViewHandler": "a file in a frame",
    "jupyter_server.nbconvert.handlers.NbconvertFileHandler": "a notebook in another format",
    "jupyter_server.nbconvert.handlers.NbconvertPostHandler": "the same, of what is sent",
    "jupyter_server.kernelspecs.handlers.KernelSpecResourceHandler": "files beside a kernel's",
    "jupyter_server.services.api.handlers.APISpecHandler": "not needed",
    "jupyter_server.services.api.handlers.PathResolverHandler": "tells paths of the machine",
    "jupyter_server.services.contents.handlers.NotebooksRedirectHandler": "an old address",
    "jupyter_server.services.events.handlers.EventHandler": "lets a browser invent events",
    "jupyter_server.services.security.handlers.CSPReportHandler": "lets a browser fill the log",
    "jupyter_server.services.shutdown.ShutdownHandler": "sessions end at the hub",
    "jupyter_server.base.handlers.PrometheusMetricsHandler": "not for a browser",
    "jupyterlab.handlers.announcements.CheckForUpdateHandler": "asks the network",
    "jupyterlab.handlers.announcements.NewsHandler": "asks the network",
    "jupyterlab.handlers.build_handler.BuildHandler": "changes the program",
    "jupyterlab.handlers.extension_manager_handler.ExtensionHandler": "changes the program",
    "jupyterlab.handlers.plugin_manager_handler.PluginHandler": "changes the program",
    "jupyterlab_server.licenses_handler.LicensesHandler": "not needed",
}
"""Handlers that JupyterLab brings and a session does not have, with what they would do."""


class Closed(JupyterHandler):
    """Takes the place of every handler that is not open."""

    SUPPORTED_METHODS = ("GET", "HEAD", "POST", "DELETE", "PATCH", "PUT", "OPTIONS")

    def initialize(self, **_settings: object) -> None:
        """Take and forget what the handler in whose place this is was told."""

    @allow_unauthenticated
    async def get(  # ty: ignore[incompatible-mutable-override] - as every handler does
        self, *_args: str, **_kwargs: str
    ) -> None:
        """Refuse; asking is put on the record of its own session."""
        if self.current_user:
            server: Any = self.serverapp
            server.tally.withheld("request", self.request.path, "a closed address")
        raise web.HTTPError(403, REFUSAL)

    head = post = delete = patch = put = options = get


def close_all_but_open(application: web.Application) -> list[str]:
    """Put `Closed` in the place of every handler that is not listed as open, a guard before others.

    Returns the names of those that are not listed at all: a new version brought them.
    """
    unknown = []
    for rule in rules_of(application):
        name = handler_name(rule.target)
        if name in OPEN:
            rule.target = guarded(rule.target, name)
            continue
        if name not in CLOSED:
            unknown.append(name)
        rule.target, rule.target_kwargs = Closed, {}
    return sorted(set(unknown))


def rules_of(application: web.Application, *, closed: bool = False) -> Iterator[Any]:
    """Walk over every rule that leads to a handler, those that are closed too where asked for."""
    routers: list[Any] = [application.wildcard_router, application.default_router]
    seen: set[int] = set()
    while routers:
        router = routers.pop()
        if id(router) in seen:
            continue
        seen.add(id(router))
        for rule in router.rules:
            if hasattr(rule.target, "rules"):
                routers.append(rule.target)
            elif closed or rule.target is not Closed:
                yield rule


def handler_name(handler: Any) -> str:
    """Name a handler by where it is written."""
    return f"{handler.__module__}.{handler.__qualname__}"
