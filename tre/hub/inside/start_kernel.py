"""Runs inside the sandbox: takes its limits, then becomes the kernel. Standard library alone."""

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
    sys.path.pop(0)
    sys.argv[0] = "ipykernel_launcher"
    runpy.run_module("ipykernel_launcher", run_name="__main__")
