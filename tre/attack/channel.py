"""A kernel's WebSocket as a browser has it, kept alive by a thread of its own."""

import asyncio
import queue
import threading
from collections.abc import Coroutine, Mapping
from typing import Any

from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

MOST_BYTES = 64 * 2**20
CONNECT_SECONDS = 20


class RefusedChannelError(Exception):
    """The server did not open the WebSocket; `status` is what it answered."""

    def __init__(self, status: int):
        super().__init__(f"status {status}")
        self.status = status


class Channel:
    """One open WebSocket; what arrives is kept until it is asked for."""

    def __init__(self, address: str, headers: Mapping[str, str]):
        self._heard: queue.Queue[str | bytes | None] = queue.Queue()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._socket: WebSocketClientConnection | None = None
        try:
            self._socket = self._do(self._connect(address, headers))
        except HTTPClientError as error:
            self.close()
            raise RefusedChannelError(error.code) from error
        except BaseException:
            self.close()
            raise

    def send(self, text: str) -> None:
        """Send one message."""
        if self._socket is not None:
            self._do(_sent(self._socket, text))

    def hear(self, seconds: float) -> str | bytes | None:
        """The next message; None once the other side has closed.

        Raises TimeoutError where nothing comes.
        """
        try:
            return self._heard.get(timeout=max(0.0, seconds))
        except queue.Empty as error:
            raise TimeoutError from error

    def close(self) -> None:
        """Close it, and end its thread."""
        if self._socket is not None:
            self._loop.call_soon_threadsafe(self._socket.close)
            self._do(asyncio.sleep(0.05))
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        if not self._thread.is_alive():
            _finish(self._loop)

    async def _connect(self, address: str, headers: Mapping[str, str]) -> WebSocketClientConnection:
        request = HTTPRequest(address, headers=dict(headers), connect_timeout=CONNECT_SECONDS)
        return await websocket_connect(
            request, on_message_callback=self._heard.put, max_message_size=MOST_BYTES
        )

    def _do(self, what: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(what, self._loop).result(CONNECT_SECONDS + 5)


async def _sent(socket: WebSocketClientConnection, text: str) -> None:
    await socket.write_message(text)


def _finish(loop: asyncio.AbstractEventLoop) -> None:
    left = asyncio.all_tasks(loop)
    for task in left:
        task.cancel()
    if left:
        loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
    loop.close()
