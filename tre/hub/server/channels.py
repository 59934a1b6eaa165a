"""The server's own memory is not for a kernel to fill."""

from typing import Any

import zmq
from tornado import web

from tre.hub.server.room import KernelsWithRoom

MOST_KERNELS = 10
KEPT_BYTES = 16 * 2**20
"""Of messages kept for a browser that is away, for each kernel."""
FRAME_BYTES = 32 * 2**20
"""A message part larger than this is not even received: its connection ends, and whoever listened
hears that kernel again when the page connects anew."""


class BoundedKernels(KernelsWithRoom):
    """Kernels of one session, which can make their server hold so much and no more."""

    def __init__(self, **kwargs: Any):
        super().__init__(**kwargs)
        self.context.setsockopt(zmq.MAXMSGSIZE, FRAME_BYTES)

    async def start_kernel(self, *args: Any, **kwargs: Any) -> str:
        """Start a kernel, if there are not too many."""
        if len(self) >= MOST_KERNELS:
            message = f"{MOST_KERNELS} kernels run; shut one down first"
            raise web.HTTPError(409, message)
        return await super().start_kernel(*args, **kwargs)

    def start_buffering(self, kernel_id: str, session_key: str, channels: Any) -> None:
        """Keep what a kernel says while nobody listens, until that is too much."""
        super().start_buffering(kernel_id, session_key, channels)
        if kernel_id in self._kernel_buffers:
            self._kernel_buffers[kernel_id]["buffer"] = BoundedBuffer()


class BoundedBuffer(list[tuple[str, list[Any]]]):
    """Messages, of which the later ones are dropped when there are too many."""

    def __init__(self) -> None:
        super().__init__()
        self.size = 0

    def append(self, message: tuple[str, list[Any]]) -> None:
        """Keep a message if there is room for it; message: its channel and its parts."""
        self.size += sum(len(part) for part in message[1])
        if self.size <= KEPT_BYTES:
            super().append(message)
