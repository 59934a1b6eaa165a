"""Counts what kernels send to the browser, and stops what no reader could read."""

from typing import Any, ClassVar

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection

MESSAGE_BYTES = 4 * 2**20
SESSION_BYTES = 256 * 2**20


class CountedMessages(ZMQChannelsWebsocketConnection):
    """A kernel's messages to one browser: each limited, all counted, of every kind.

    Jupyter's own limit counts printed text alone; a picture or HTML of any size would pass.
    """

    sent_bytes: ClassVar[int] = 0
    """By all kernels of this server since it started."""

    def handle_outgoing_message(self, stream: str, outgoing_msg: list[Any]) -> None:
        """Pass a message on, unless it or the session's sum is too large."""
        size = sum(len(part) for part in outgoing_msg)
        CountedMessages.sent_bytes += size
        if size > MESSAGE_BYTES:
            self._withhold(
                f"an output of {size:,} bytes was not shown (the limit is {MESSAGE_BYTES:,})"
            )
        elif CountedMessages.sent_bytes > SESSION_BYTES:
            self._withhold(
                f"this session has shown {SESSION_BYTES:,} bytes, its limit; open it again"
            )
        else:
            super().handle_outgoing_message(stream, outgoing_msg)

    def _withhold(self, reason: str) -> None:
        self.log.warning("withheld from the browser: %s", reason)
        self.write_stderr(f"{reason}. Results leave through a release request.", {})
