"""Code that people bring in: what it may be, what is found in it, who decides. Nothing runs it."""
