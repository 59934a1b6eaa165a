"""The progress bar of long work, and its quiet form where nobody watches."""

import time
from collections.abc import Callable, Generator
from contextlib import contextmanager

from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from tre.commands.showing import console

Told = Callable[[str, float], None]


@contextmanager
def progress_bar() -> Generator[Told]:
    """Show one bar for the whole work, with the stage in words; times each stage.

    Where the output is no terminal, one line a stage is printed instead.
    """
    screen = console(stderr=True)
    if not screen.is_terminal:
        yield _lines(lambda line: screen.print(line, markup=False))
        return
    bar = Progress(
        TextColumn("{task.percentage:>3.0f} %"),
        BarColumn(bar_width=30),
        TimeElapsedColumn(),
        TextColumn("{task.description}", markup=False),
        console=screen,
        transient=False,
    )
    with bar:
        task = bar.add_task("starting", total=1.0)
        yield lambda stage, share: bar.update(task, description=stage, completed=share)


def _lines(write: Callable[[str], None]) -> Told:
    began = time.monotonic()
    last = [""]

    def tell(stage: str, share: float) -> None:
        if stage != last[0]:
            last[0] = stage
            write(f"{100 * share:3.0f} %  {time.monotonic() - began:5.1f} s  {stage}")

    return tell
