"""The whole of it, in a real browser, on a world that was built for it."""
