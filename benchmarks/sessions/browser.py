"""What a researcher's browser asks of a hub, from the click to a cell's answer."""

import json
import re
import time
import uuid
from dataclasses import dataclass
from typing import Any

import httpx
import pyotp
import websocket

from benchmarks.sessions.hubs import CannotMeasureError, Hub
from benchmarks.sessions.people import PROJECT

PATIENCE_SECONDS = 180


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """Seconds from the click until the server was ready, its page was there, a kernel answered."""

    server: float
    page: float
    kernel: float


class Browser:
    """One person, signed in at one hub."""

    def __init__(self, hub: Hub, person: str):
        self.hub, self.person = hub, person
        self.base = f"/user/{person}/{PROJECT}"
        self._http = httpx.Client(
            base_url=hub.address, follow_redirects=True, timeout=PATIENCE_SECONDS
        )
        self._sign_in()

    def close(self) -> None:
        """Forget the cookies and connections; a session that runs goes on."""
        self._http.close()

    def open(self) -> tuple[Opening, "Kernel"]:
        """Click on the project; wait for its server, its page, and a kernel that has answered."""
        began = time.perf_counter()
        self._get(f"/hub/spawn/{self.person}/{PROJECT}")
        self._wait_for_server()
        server = time.perf_counter() - began
        self._get(f"{self.base}/lab")
        page = time.perf_counter() - began
        kernel = self.start_kernel()
        return Opening(server=server, page=page, kernel=time.perf_counter() - began), kernel

    def start_kernel(self) -> "Kernel":
        """Start a kernel of the open session, and wait until it has answered."""
        started = self._ask("POST", f"{self.base}/api/kernels", {"name": "python3"})
        kernel = Kernel(self._socket(started.json()["id"]), started.json()["id"])
        kernel.run("1 + 1")
        return kernel

    def end_kernel(self, kernel: "Kernel") -> None:
        """End one kernel."""
        kernel.close()
        self._ask("DELETE", f"{self.base}/api/kernels/{kernel.number}")

    def stop(self) -> None:
        """End the session, and wait until the hub says so."""
        path = f"/hub/api/users/{self.person}/servers/{PROJECT}"
        until = time.monotonic() + PATIENCE_SECONDS
        status = self._ask("DELETE", path).status_code
        while status != 204 and time.monotonic() < until:
            time.sleep(0.1)
            named = self._ask("GET", f"/hub/api/users/{self.person}").json()["servers"]
            status = 202 if PROJECT in named else 204

    def _sign_in(self) -> None:
        page = self._get("/hub/login")
        token = re.findall(r'name="_xsrf" value="([^"]+)"', page.text)[0]
        form = {"_xsrf": token, "username": self.person, "password": self.hub.password}
        if self.hub.secrets:
            form["otp"] = pyotp.TOTP(self.hub.secrets[self.person]).now()
        self._answered(self._http.post("/hub/login", data=form))

    def _wait_for_server(self) -> None:
        """Listen to the hub's progress, as its page does."""
        path = f"/hub/api/users/{self.person}/servers/{PROJECT}/progress"
        with self._http.stream("GET", path, headers=self._headers(path)) as told:
            for line in told.iter_lines():
                news = json.loads(line[5:]) if line.startswith("data:") else {}
                if news.get("failed"):
                    break
                if news.get("ready"):
                    return
        message = f"the {self.hub.kind} session of {self.person} did not start"
        raise CannotMeasureError(message)

    def _get(self, path: str) -> httpx.Response:
        return self._answered(self._http.get(path))

    def _ask(self, method: str, path: str, content: Any = None) -> httpx.Response:
        headers = self._headers(path)
        return self._answered(self._http.request(method, path, headers=headers, json=content))

    def _answered(self, answer: httpx.Response) -> httpx.Response:
        if answer.is_error:
            where = f"{answer.request.method} {answer.url.path}"
            message = f"the {self.hub.kind} hub answered {answer.status_code} to {where}"
            raise CannotMeasureError(message)
        return answer

    def _headers(self, path: str) -> dict[str, str]:
        known = [c for c in self._http.cookies.jar if c.name == "_xsrf" and path.startswith(c.path)]
        token = max(known, key=lambda cookie: len(cookie.path)).value
        return {"X-XSRFToken": str(token), "Referer": self.hub.address + path}

    def _socket(self, number: str) -> websocket.WebSocket:
        cookies = "; ".join(
            f"{one.name}={one.value}"
            for one in self._http.cookies.jar
            if self.base.startswith(one.path.rstrip("/"))
        )
        address = self.hub.address.replace("http", "ws", 1)
        return websocket.create_connection(
            f"{address}{self.base}/api/kernels/{number}/channels",
            cookie=cookies,
            origin=self.hub.address,
            timeout=PATIENCE_SECONDS,
        )


class Kernel:
    """A kernel's socket, in the older of Jupyter's two protocols: one JSON object a message."""

    def __init__(self, socket: websocket.WebSocket, number: str):
        self._socket, self.number = socket, number

    def run(self, code: str) -> str:
        """Run a cell to its end and give back what it printed; raises where it fails."""
        asked = self._send(code)
        said, awaited = "", {"execute_reply", "idle"}
        while awaited:
            message = json.loads(self._socket.recv())
            if message["parent_header"].get("msg_id") != asked:
                continue
            kind, content = message["msg_type"], message["content"]
            if kind == "error":
                text = f"a cell failed: {content['ename']}: {content['evalue']}"
                raise CannotMeasureError(text)
            said += content["text"] if kind == "stream" else ""
            awaited -= {kind, content.get("execution_state")}
        return said

    def close(self) -> None:
        """Go away; the kernel goes on."""
        self._socket.close()

    def _send(self, code: str) -> str:
        number = uuid.uuid4().hex
        header = {
            "msg_id": number,
            "msg_type": "execute_request",
            "version": "5.3",
            "session": "measured",
            "username": "",
            "date": "",
        }
        content = {
            "code": code,
            "silent": False,
            "store_history": True,
            "user_expressions": {},
            "allow_stdin": False,
        }
        message = {
            "channel": "shell",
            "header": header,
            "parent_header": {},
            "metadata": {},
            "buffers": [],
            "content": content,
        }
        self._socket.send(json.dumps(message))
        return number
