"""JupyterHub: who signs in, how a session starts, and how its kernel is sealed."""
