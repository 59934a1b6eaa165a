"""Run by an ordinary user: seals a kernel and runs a notebook again; prints what it found."""

import json
import os
import sys
from pathlib import Path

from tests.hub.sealed import a_session, say, sealed_kernel
from tests.hub.test_sealed_run import a_notebook
from tests.hub.test_session_limits import HOLD
from tre.hub import machine
from tre.hub.proof import prove_seal
from tre.hub.sealed_run import run_notebook

BOMB = """
import subprocess
started = []
try:
    while len(started) < 400: started.append(subprocess.Popen(['/bin/sleep', '60']))
except OSError as error: print(error.strerror, len(started) < 100)
for one in started: one.kill(); one.wait()
"""


def main(place: Path, environment: Path) -> None:
    # This test's Python is put together of two folders; an installed one has them in one.
    setattr(machine, "_prefixes", lambda: (Path(sys.prefix), environment))  # noqa: B010
    here = machine.this_machine()
    found = {"user": os.geteuid(), "groups": here.groups, "proof": prove_seal(here)}
    spec = a_session(place / "home", processes=100, memory_bytes=600 * 2**20)
    with sealed_kernel(spec, place / "session") as kernel:
        found["computes"] = say(kernel, "import os; print(6 * 7, os.getcwd())")
        found["processes"] = say(kernel, BOMB)
        found["memory"] = say(kernel, "bytearray(700 * 2**20)")
        found["memory of all"] = say(kernel, HOLD + "time.sleep(1); print(holding(4, 200))")
        found["network"] = say(
            kernel, "import socket; print(socket.socket().connect_ex(('192.0.2.1', 80)))"
        )
        found["user inside"] = say(kernel, "print(os.getuid())")
        (spec.workspace / "mine").write_text("its owner's")
    again = json.loads(run_notebook(spec, a_notebook("print(open('/workspace/mine').read())")))
    found["again"] = again["cells"][0]["outputs"][0]["text"]
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
