"""What a kernel can send to a browser: output of every kind, large and hostile."""


def display(size: int) -> None:
    """Show HTML of that many bytes."""
    from importlib import import_module  # noqa: PLC0415 - sent as source

    shown = import_module("IPython.display")
    shown.display(shown.HTML("x" * size))


def print_much(size: int) -> None:
    """Print that many bytes, in pieces that are each small enough to be read."""
    import time  # noqa: PLC0415 - sent as source

    line = "x" * 999
    for number in range(1, size // 1000 + 1):
        print(line, flush=not number % 50)  # noqa: T201 - what it is about
        time.sleep(0 if number % 50 else 0.02)


def error(size: int) -> None:
    """Raise an error with a message of that many bytes."""
    raise RuntimeError("x" * size)


def update_display(size: int) -> None:
    """Change an output that is shown already into that many bytes."""
    from importlib import import_module  # noqa: PLC0415 - sent as source

    shown = import_module("IPython.display")
    shown.display(shown.HTML("small"), display_id="attack").update(shown.HTML("x" * size))


def comm(size: int) -> None:
    """Open a comm, as widgets do, with that many bytes in it."""
    from importlib import import_module  # noqa: PLC0415 - sent as source

    import_module("comm").create_comm(target_name="attack", data={"x": "x" * size})


def comm_buffers(size: int) -> None:
    """Open a comm with that many bytes in a binary buffer."""
    from importlib import import_module  # noqa: PLC0415 - sent as source

    import_module("comm").create_comm(target_name="attack", data={}, buffers=[b"x" * size])


def page(size: int) -> None:
    """Have the pager show that many bytes (a payload of the execute reply)."""
    from importlib import import_module  # noqa: PLC0415 - sent as source

    import_module("IPython").get_ipython().payload_manager.write_payload(
        {"source": "page", "data": {"text/plain": "x" * size}, "start": 0}
    )
