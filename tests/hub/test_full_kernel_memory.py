"""A kernel that fills what it may write beside its workspace keeps no other from starting."""

import subprocess
import sys
import time

import pytest

from tests.hub.a_server import a_server
from tests.hub.sealed import a_session
from tre.hub.kernel_log import KEPT_BYTES, KernelLog

pytestmark = [pytest.mark.sealed, pytest.mark.xdist_group("sealed kernel")]

PROGRAM = """
import os, sys
from pathlib import Path
from jupyter_client.manager import KernelManager
from tre.hub.server.kernels import OnlySealedKernels
kernels = OnlySealedKernels(folder=sys.argv[1] + '/kernels')

def started():
    manager = KernelManager(kernel_name='python3', kernel_spec_manager=kernels)
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=120)
    return manager, client

def told(client, code):
    said = []
    def hear(message):
        said.append(message['content'].get('text') or message['content'].get('evalue') or '')
    client.execute_interactive(code, timeout=150, output_hook=hear)
    return ''.join(said).strip()

FILL = '''
import glob, os
def fill(write):
    try:
        while True: write(bytes(2**20))
    except OSError as error:
        return error.strerror
mounted = [line.split()[4] for line in open('/proc/self/mountinfo')]
places = [place for place in mounted if place.endswith('/sockets')]
print([fill(open(place + '/x', 'wb', 0).write) for place in places])
'''
first = started()
filled = told(first[1], FILL).splitlines()
free = os.statvfs('/tmp')
second = started()
answer = told(second[1], 'print(6 * 7)')
print('ready', flush=True)
print(filled, answer, free.f_bavail * free.f_frsize // 2**20, flush=True)
sys.stdin.read()
for manager, client in (first, second):
    client.stop_channels()
    manager.shutdown_kernel(now=True)
"""


def test_a_full_folder_of_sockets_keeps_no_other_kernel_from_starting(sealable, tmp_path):
    spec = a_session(tmp_path / "home", tmp_bytes=64 * 2**20)
    with a_server(spec, tmp_path / "session", PROGRAM) as (server, _):
        assert server.stdout is not None
        said = server.stdout.readline()
    full = "No space left on device"
    # What the kernel could fill was full, and the server's /tmp of 64 MiB was not it.
    assert said.count(full) == 1, said
    assert said.split()[-2:-1] == ["42"], said
    assert int(said.split()[-1]) >= 60


def test_a_log_is_emptied_whatever_is_printed_and_its_end_is_kept():
    log = KernelLog()
    printing = "import sys; sys.stdout.write('x' * 3_000_000 + 'the end'); sys.stdout.flush()"
    subprocess.run([sys.executable, "-c", printing], stdout=log.entrance, check=True, timeout=120)
    log.close_entrance()
    until = time.monotonic() + 60
    while not log.tail.endswith("the end") and time.monotonic() < until:
        time.sleep(0.02)
    assert log.tail.endswith("xthe end")
    assert len(log.tail) == KEPT_BYTES
