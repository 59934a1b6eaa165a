"""What runs inside a sandbox; imports nothing of the project."""
