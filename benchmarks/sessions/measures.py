"""What is measured of sessions, by name: the measuring writes these, the page reads them."""

Sides = dict[str, dict[str, list[float]]]
"""What was measured → kind of hub (sealed, unsealed) → one figure a round."""

SERVER, PAGE, KERNEL = "click to server", "click to page", "click to kernel"
PROCESSOR = "processor"
SECOND_KERNEL, RERUN, MEMORY = "second kernel", "notebook run again", "memory"
PARTS = ("server", "kernel", "seal")
"""Of a session's memory; the seal: bubblewrap, and the shell that stands before it."""


def memory_of_part(part: str) -> str:
    """The name under which the memory of one part is kept."""
    return f"{MEMORY}: {part}"
