"""A session's server in its sandbox, without a hub: it starts one kernel and waits to be told."""

import subprocess
from contextlib import contextmanager
from pathlib import Path

from tre.hub.machine import this_machine
from tre.hub.session_file import Session
from tre.hub.session_folders import opened_folders
from tre.hub.session_limits import make_group, open_entrances
from tre.hub.session_server import KEEPER
from tre.hub.spawner import write_settings
from tre.safe_settings.sealed_sandbox import server_seal
from tre.safe_settings.session_spec import SessionSpec

PROGRAM = """
import sys
from pathlib import Path
from jupyter_client.manager import KernelManager
from tre.hub.server.kernels import OnlySealedKernels
kernels = OnlySealedKernels(folder=sys.argv[1] + '/kernels')
manager = KernelManager(kernel_name='python3', kernel_spec_manager=kernels)
manager.start_kernel()
client = manager.client()
client.start_channels()
client.wait_for_ready(timeout=120)
print('ready', sorted(path.name for path in Path('/tmp').iterdir()), flush=True)
sys.stdin.read()
client.stop_channels()
manager.shutdown_kernel(now=True)
"""


@contextmanager
def a_server(spec: SessionSpec, folder: Path, program: str = PROGRAM):
    """The running server, and its kernels' group; its standard input's end stops it.

    program: says "ready" in a line of its own when its kernels run.
    """
    machine, settings, private = this_machine(), folder / "settings", folder / "private"
    group = make_group(spec.limits, record=folder / "group.json")
    with opened_folders(spec) as folders, open_entrances(group) as entrances:
        write_settings(folder, Session(spec=spec, desk_url="", entrances=entrances))
        seal = server_seal(spec, machine, folders, private=private, settings=settings)
        python = [str(machine.python), "-c", program, str(settings)]
        server = subprocess.Popen(
            [*KEEPER, str(machine.bwrap), *seal, "--", *python],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            pass_fds=(*folders.numbers, *entrances),
            env={"HOME": str(private), "JUPYTER_RUNTIME_DIR": "/tmp/jupyter", "PATH": "/usr/bin"},
            cwd="/",
            start_new_session=True,
            text=True,
        )
    try:
        assert server.stdout is not None
        assert server.stdout.readline().startswith("ready")
        yield server, group
    finally:
        server.kill()
        server.communicate()
