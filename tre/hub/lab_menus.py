"""JupyterLab's menus for what the server refuses anyway: a button that cannot work goes."""

DISABLED_IN_LAB = (
    "@jupyterlab/apputils-extension:announcements",
    "@jupyterlab/apputils-extension:print",
    "@jupyterlab/docmanager-extension:download",
    "@jupyterlab/docmanager-extension:open-browser-tab",
    "@jupyterlab/extensionmanager-extension",
    "@jupyterlab/filebrowser-extension:download",
    "@jupyterlab/filebrowser-extension:open-browser-tab",
    "@jupyterlab/filebrowser-extension:open-url",
    "@jupyterlab/filebrowser-extension:share-file",
    "@jupyterlab/htmlviewer-extension",
    "@jupyterlab/notebook-extension:copy-output",
    "@jupyterlab/notebook-extension:export",
    "@jupyterlab/terminal-extension",
)

PAGE_CONFIG = {
    "disabledExtensions": dict.fromkeys(DISABLED_IN_LAB, True),
    "lockedExtensions": dict.fromkeys(DISABLED_IN_LAB, True),
}
"""Written to `labconfig/page_config.json`; locked, so that no user setting brings it back."""
