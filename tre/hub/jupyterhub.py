"""Starts JupyterHub, a second sooner than `python -m jupyterhub`: this package comes first."""

from jupyterhub.app import main

if __name__ == "__main__":
    main()
