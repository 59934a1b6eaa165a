"""Runs inside the sandbox: takes its limits, then becomes the kernel. Standard library alone.

Called with: the limits, then the arguments of the Python kernel, or another kernel's program and
its arguments.
"""

import os
import resource
import runpy
import sys


def limit(wanted: str) -> None:
    """Lower the limits named as NAME=VALUE,…; they are hard: nobody inside can raise them."""
    for pair in wanted.split(","):
        name, value = pair.split("=")
        which = getattr(resource, f"RLIMIT_{name}")
        highest = resource.getrlimit(which)[1]
        number = int(value) if highest == resource.RLIM_INFINITY else min(int(value), highest)
        resource.setrlimit(which, (number, number))


if __name__ == "__main__":
    limit(sys.argv.pop(1))
    if sys.argv[1].startswith("/"):
        os.execv(sys.argv[1], sys.argv[1:])  # noqa: S606 - the program that the seal names
    sys.path.pop(0)
    # Last, not first: a module of the shared workspace can be imported, and replaces no other.
    sys.path.append("")
    sys.argv[0] = "ipykernel_launcher"
    runpy.run_module("ipykernel_launcher", run_name="__main__")
