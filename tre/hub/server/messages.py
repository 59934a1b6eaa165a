"""Counts what kernels send to the browser, and stops what no reader could read."""

import json
from collections import OrderedDict
from typing import Any

from jupyter_server.services.kernels.connection.base import (
    deserialize_binary_message,
    deserialize_msg_from_ws_v1,
    serialize_msg_to_ws_v1,
)
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from tornado.websocket import WebSocketClosedError

from tre.hub.server.bundles import Bundle, display_of
from tre.hub.server.tally import Tally

MESSAGE_BYTES = 4 * 2**20
ASKED_KEPT = 200
"""Questions of the browser that are remembered, to answer them in the kernel's place."""

_V1 = "v1.kernel.websocket.jupyter.org"
_PARTS = 5
_RELEASE = "Results leave through a release request."
_HEADER = ("msg_id", "msg_type", "session", "username", "version", "date")


class CountedMessages(ZMQChannelsWebsocketConnection):
    """A kernel's messages to one browser: each limited, all counted, of every kind and channel.

    Jupyter's own limit counts printed text alone; a picture or HTML of any size would pass.
    What is withheld is told under the cell that asked, and the cell ends: by words of the server's
    own, once for each question of the browser, so that a kernel can say nothing that way.
    """

    def __init__(self, **kwargs: Any):
        super().__init__(**kwargs)
        self._asked: OrderedDict[str, dict[str, str]] = OrderedDict()
        self._told: set[str] = set()
        self._sending = ("server", dict[str, int]())

    @property
    def tally(self) -> Tally:
        """Where the session's bytes are counted."""
        handler: Any = self.websocket_handler
        return handler.serverapp.tally

    def handle_incoming_message(self, incoming_msg: str) -> None:
        """Pass a question on, and remember it."""
        header = _header_of(incoming_msg, self.subprotocol)
        if number := header.get("msg_id"):
            self._asked[number] = header
            while len(self._asked) > ASKED_KEPT:
                self._told.discard(self._asked.popitem(last=False)[0])
        super().handle_incoming_message(incoming_msg)

    def handle_outgoing_message(self, stream: Any, outgoing_msg: list[Any]) -> None:
        """Pass a message on, unless it or the session's sum is too large."""
        size = sum(len(part) for part in outgoing_msg)
        identities, parts = self.session.feed_identities(outgoing_msg)
        if len(parts) < _PARTS:
            return
        if size > MESSAGE_BYTES:
            words = f"an output of {size:,} bytes was not shown (the limit is {MESSAGE_BYTES:,})"
            self._withhold(parts, words, "a message larger than the limit")
            return
        if not self.tally.may_show(size):
            words = f"this session has shown {self.tally.most_bytes:,} bytes in 24 hours, its limit"
            self._withhold(parts, words, "more than may be shown in 24 hours", spent=True)
            return
        kind, parts, mime_types = self._looked_at(parts)
        channel = stream if isinstance(stream, str) else getattr(stream, "channel", "")
        self._sending = (f"{channel} {kind}", mime_types)
        try:
            super().handle_outgoing_message(stream, [*identities, b"<IDS|MSG>", *parts])
        finally:
            self._sending = ("server", {})

    @property
    def write_message(self) -> Any:
        """Send to the browser, and count exactly what is sent."""
        send = self.websocket_handler.write_message
        channel, mime_types = self._sending

        def counted(message: str | bytes, *args: Any, **kwargs: Any) -> Any:
            size = len(message.encode() if isinstance(message, str) else message)
            self.tally.shown(channel, size, mime_types)
            return send(message, *args, **kwargs)

        return counted

    def _looked_at(self, parts: list[Any]) -> tuple[str, list[Any], dict[str, int]]:
        """Take formats for machines out of a display; say the message's kind and types.

        parts: signature, header, parent header, metadata, content, and buffers.
        """
        kind = _json(parts[1]).get("msg_type")
        bundle = display_of(kind, _json(parts[4])) if kind in Bundle.KINDS else None
        if bundle is None:
            return (kind if kind in _KINDS else "other"), parts, {}
        if bundle.withheld:
            self.tally.withheld("output", "", f"a format that is not shown: {bundle.withheld}")
            content = self.session.pack(bundle.content)
            described = [*parts[1:4], content]
            parts = [self.session.sign(described), *described, *parts[5:]]
        return str(kind), parts, bundle.sizes

    def _withhold(self, parts: list[Any], words: str, reason: str, *, spent: bool = False) -> None:
        """Tell the browser under the cell that asked, if it asked, and end its waiting."""
        self.log.warning("withheld from the browser: %s", words)
        self.tally.withheld("output", "", reason)
        number = str(_json(parts[2]).get("msg_id"))
        parent = self._asked.get(number)
        if parent is None or number in self._told:
            return
        self._told.add(number)
        text = {"name": "stderr", "text": f"{words}. {_RELEASE}\n"}
        self._say("iopub", "stream", text, parent)
        if spent:
            self._say("iopub", "status", {"execution_state": "idle"}, parent)
            kind = parent["msg_type"].replace("_request", "_reply")
            self._say("shell", kind, {"status": "aborted"}, parent)

    def _say(self, channel: str, kind: str, content: dict[str, str], parent: Any) -> None:
        """Send the server's own words, in the form that the browser asked for."""
        message: Any = self.session.msg(kind, content=content, parent=parent)
        try:
            if self.subprotocol == _V1:
                packed = serialize_msg_to_ws_v1(message, channel, self.session.pack)
                self.write_message(packed, binary=True)
            else:
                self.write_message(json.dumps(message | {"channel": channel}, default=str))
        except WebSocketClosedError:
            self.log.debug("the browser has gone")


_KINDS = frozenset(
    {"status", "stream", "error", "execute_input", "clear_output", "input_request"}
    | {"comm_open", "comm_msg", "comm_close", "debug_event", "debug_reply", "control_reply"}
    | {"execute_reply", "inspect_reply", "complete_reply", "is_complete_reply", "history_reply"}
    | {"kernel_info_reply", "comm_info_reply", "interrupt_reply", "shutdown_reply", "iopub_welcome"}
)
"""Of Jupyter's protocol; what a kernel calls otherwise is counted as `other`."""


def _json(part: Any) -> dict[str, Any]:
    try:
        found = json.loads(bytes(part))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _header_of(message: str | bytes, protocol: str | None) -> dict[str, str]:
    """Read the header of a browser's message, as far as it can be understood and is short."""
    try:
        if protocol == _V1:
            _, parts = deserialize_msg_from_ws_v1(message)
            header = json.loads(parts[0])
        elif isinstance(message, bytes):
            header = deserialize_binary_message(message)["header"]
        else:
            header = json.loads(message)["header"]
        return {name: str(header.get(name, ""))[:100] for name in _HEADER}
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError):
        return {}
