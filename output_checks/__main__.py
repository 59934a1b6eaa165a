"""`python -m output_checks`: the command `output-checks` without its script."""

from output_checks.cli import main

if __name__ == "__main__":
    main()
