"""Pages whose facts stand in code: `make docs` writes them, `make lint` fails where they differ."""
