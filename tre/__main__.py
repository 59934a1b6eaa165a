"""The command `tre`, also as `python -m tre`.

`output_checks` can be installed without the environment around it, and this command comes with it:
it then says what is missing, rather than where Python stopped.
"""

import sys

NOT_CARRIED_OUT = 3


def main() -> int:
    """Carry the command line out; gives its exit status."""
    try:
        from tre.cli import main as carry_out  # noqa: PLC0415 - only where all of it is there
    except ModuleNotFoundError as error:
        if error.name is None or error.name.split(".")[0] in {"tre", "output_checks"}:
            raise
        sys.stderr.write(
            f"tre: the environment is not installed here, only output_checks ({error.name} is "
            "missing). Install all of it with `make install` in the project's folder, and start "
            ".venv/bin/tre\n"
        )
        return NOT_CARRIED_OUT
    return carry_out()


if __name__ == "__main__":
    sys.exit(main())
