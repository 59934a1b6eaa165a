"""How tables look where people work: notebooks, the terminal, files."""
