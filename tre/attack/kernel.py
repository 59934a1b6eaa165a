"""A kernel of a running session, spoken to as a browser does: over its WebSocket."""

import inspect
import json
import sys
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from tre.attack.attack import CannotAttackError, name_of
from tre.attack.channel import Channel
from tre.attack.inside import calls
from tre.attack.report import Report, read_report

SECONDS = 30
REPLY_SECONDS = 1
_REPORT = "attack-report:"

_LOADING = """
import sys as _sys, types as _types
def _load_probes(name, source):
    module = _types.ModuleType(name)
    exec(compile(source, name, "exec"), module.__dict__)
    _sys.modules[name] = module
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message that reached the browser; size in bytes as it came."""

    channel: str
    kind: str
    content: dict[str, Any]
    size: int


class Kernel:
    """Runs probes, and listens to all that comes of them."""

    def __init__(self, channel: Channel, number: str):
        self.number = number
        self._channel = channel
        self._loaded: set[str] = set()

    def call(self, probe: Callable[..., Any], *arguments: Any, seconds: float = SECONDS) -> Report:
        """Run a function of `tre.attack.inside` in the kernel; its report.

        Raises CannotAttackError where no report comes: then nothing was learnt.
        """
        module = sys.modules[probe.__module__]
        code = self._loading(calls) + self._loading(module)
        given = "".join(f", {argument!r}" for argument in arguments)
        code += (
            f"print({_REPORT!r} + _sys.modules[{calls.__name__!r}].reported("
            f"_sys.modules[{module.__name__!r}].{name_of(probe)}{given}), flush=True)"
        )
        return self._report(self.run(code, seconds=seconds))

    def run(
        self, code: str, *, seconds: float = SECONDS, expressions: dict[str, str] | None = None
    ) -> list[Message]:
        """Run code and collect every message of it, until the kernel is idle again.

        The reply is waited for as well, but not long: the server may have withheld it.
        """
        number = uuid.uuid4().hex
        self._channel.send(json.dumps(_request(number, code, expressions or {})))
        until, heard, awaited = time.monotonic() + seconds, [], {"execute_reply", "idle"}
        while awaited:
            try:
                message, parent = self._next(until)
            except TimeoutError as error:
                if "idle" not in awaited:
                    return heard
                message = "the kernel did not answer in time"
                raise CannotAttackError(message) from error
            heard.append(message)
            if parent == number:
                awaited -= {message.kind, str(message.content.get("execution_state"))}
                if "idle" not in awaited:
                    until = min(until, time.monotonic() + REPLY_SECONDS)
        return heard

    def close(self) -> None:
        """Stop listening; the kernel goes on."""
        self._channel.close()

    def _next(self, until: float) -> tuple[Message, str]:
        said = self._channel.hear(until - time.monotonic())
        if said is None:
            message = "the server closed the kernel's channel"
            raise CannotAttackError(message)
        if isinstance(said, bytes):
            return Message(channel="", kind="binary", content={}, size=len(said)), ""
        told = json.loads(said)
        return (
            Message(
                channel=str(told.get("channel")),
                kind=str(told["msg_type"]),
                content=told["content"],
                size=len(said),
            ),
            str(told["parent_header"].get("msg_id", "")),
        )

    def _loading(self, module: ModuleType) -> str:
        if module.__name__ in self._loaded:
            return ""
        first = "" if self._loaded else _LOADING
        self._loaded.add(module.__name__)
        return f"{first}_load_probes({module.__name__!r}, {inspect.getsource(module)!r})\n"

    def _report(self, heard: list[Message]) -> Report:
        said = "".join(_text(message) for message in heard)
        for line in said.splitlines():
            if line.startswith(_REPORT):
                return read_report(json.loads(line.removeprefix(_REPORT)))
        message = f"the kernel gave no report: {said[-300:] or 'it said nothing'}"
        raise CannotAttackError(message)


def _text(message: Message) -> str:
    if message.kind == "stream":
        return str(message.content["text"])
    if message.kind == "error":
        return f"\n{message.content['ename']}: {message.content['evalue']}\n"
    return ""


def _request(number: str, code: str, expressions: dict[str, str]) -> dict[str, Any]:
    return {
        "channel": "shell",
        "parent_header": {},
        "metadata": {},
        "buffers": [],
        "header": {
            "msg_id": number,
            "msg_type": "execute_request",
            "version": "5.3",
            "session": "attack",
            "username": "attack",
            "date": "",
        },
        "content": {
            "code": code,
            "silent": False,
            "store_history": False,
            "user_expressions": expressions,
            "allow_stdin": False,
        },
    }
