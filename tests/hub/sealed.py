"""A minimal data home, and a sealed kernel in it."""

from contextlib import contextmanager
from pathlib import Path

from jupyter_client.manager import KernelManager

from tre.hub.kernels import R_NAME, write_kernel
from tre.hub.server.kernels import OnlySealedKernels
from tre.hub.session_file import Session, write_session
from tre.hub.session_limits import in_group
from tre.safe_settings.session_spec import Limits, SessionSpec


def a_session(home: Path, project: str = "early-onset-psychosis", **limits) -> SessionSpec:
    folders = {}
    for name in ("extracts", "workspaces", "outboxes", "replies"):
        folders[name] = home / name / project
        folders[name].mkdir(parents=True)
    (folders["extracts"] / "linked.parquet").write_text("an extract")
    return SessionSpec(
        person="ada",
        project=project,
        title="Early-onset psychosis and attainment",
        practice=False,
        policy="srs",
        extract=folders["extracts"],
        workspace=folders["workspaces"],
        outbox=folders["outboxes"],
        replies=folders["replies"],
        limits=Limits(**limits),
    )


@contextmanager
def sealed_kernel(spec: SessionSpec, folder: Path, name: str = "python3"):
    """A running kernel's client."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "session.json"
    with in_group(spec.limits) as entrances:
        session = Session(spec=spec, desk_url="http://127.0.0.1:1", entrances=entrances)
        write_session(session, file)
        write_kernel(folder / "kernels", file, with_r=name == R_NAME)
        with one_kernel(folder, name) as client:
            yield client


@contextmanager
def one_kernel(folder: Path, name: str = "python3", **started):
    """One more kernel of a session that is described in a folder."""
    manager = KernelManager(
        kernel_name=name,
        kernel_spec_manager=OnlySealedKernels(folder=str(folder / "kernels")),
    )
    manager.start_kernel(**started)
    client = manager.client()
    try:
        client.start_channels()
        client.wait_for_ready(timeout=120)
        yield client
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def say(client, code: str, timeout=120) -> str:
    """Run code; give back what it printed, or its error."""
    said = []

    def hear(message):
        content = message["content"]
        if message["msg_type"] == "stream":
            said.append(content["text"])
        if message["msg_type"] == "error":
            said.append(f"{content['ename']}: {content['evalue']}")

    client.execute_interactive(code, timeout=timeout, output_hook=hear)
    return "".join(said)
