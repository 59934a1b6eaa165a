"""`python -m output_checks.cli`: the command without its script."""

from output_checks.cli import main

if __name__ == "__main__":
    main()
