"""A browser without a screen: signs in, opens a session, talks to its kernel."""

import json
import re
import time
import uuid
from typing import Any

import httpx
import websocket


class Browser:
    def __init__(self, hub: str):
        self.hub = hub
        self.opened: httpx.Response | None = None
        self.http = httpx.Client(base_url=hub, follow_redirects=True, timeout=90, verify=False)

    def close(self):
        self.http.close()

    def sign_in(self, name: str, password: str, code: str) -> httpx.Response:
        page = self.http.get("/hub/login")
        token = re.findall(r'name="_xsrf" value="([^"]+)"', page.text)[0]
        form = {"_xsrf": token, "username": name, "password": password, "otp": code}
        return self.http.post("/hub/login", data=form)

    def open(self, name: str, project: str, patience=150) -> httpx.Response:
        answer = self.http.get(f"/hub/spawn/{name}/{project}")
        until = time.monotonic() + patience
        while (
            "spawn-pending" in str(answer.url)
            and answer.status_code == 200
            and time.monotonic() < until
        ):
            time.sleep(0.2)
            answer = self.http.get(f"/hub/spawn-pending/{name}/{project}")
        return answer

    def xsrf(self, path: str) -> str:
        best = [c for c in self.http.cookies.jar if c.name == "_xsrf" and path.startswith(c.path)]
        return str(max(best, key=lambda cookie: len(cookie.path)).value)

    def ask(self, method: str, path: str, **more) -> httpx.Response:
        headers = {"X-XSRFToken": self.xsrf(path), "Referer": self.hub + path}
        return self.http.request(method, path, headers=headers, **more)

    def stop(self, name: str, project: str) -> httpx.Response:
        return self.ask("DELETE", f"/hub/api/users/{name}/servers/{project}")

    def stop_if_open(self, name: str, project: str) -> None:
        """Wait until no session that another test left is there.

        The hub says 202 while one stops, 204 of one that has stopped, 404 of one that never was.
        """
        until = time.monotonic() + 60
        while self.stop(name, project).status_code not in (204, 404):
            assert time.monotonic() < until, f"the session of {name} in {project} does not stop"
            time.sleep(0.2)

    def kernel(self, name: str, project: str) -> "Kernel":
        base = f"/user/{name}/{project}"
        started = self.ask("POST", f"{base}/api/kernels", json={"name": "python3"})
        started.raise_for_status()
        return Kernel(self, base, started.json()["id"])


class CountingSocket(websocket.WebSocket):
    """Counts the bytes that it receives."""

    received = 0

    def recv_data(self, *args, **more):
        answer = super().recv_data(*args, **more)
        if answer[0] in (websocket.ABNF.OPCODE_TEXT, websocket.ABNF.OPCODE_BINARY):
            self.received += len(answer[1])
        return answer


class Kernel:
    """A kernel's socket, in the older of Jupyter's two protocols: one JSON object a message."""

    def __init__(self, browser: Browser, base: str, number: str):
        self.browser, self.base, self.number = browser, base, number
        self.socket = self.connected()

    def connected(self, page="", **more) -> Any:
        """One more connection to the same kernel; page: whose, to be found again by it."""
        cookies = "; ".join(
            f"{c.name}={c.value}"
            for c in self.browser.http.cookies.jar
            if self.base.startswith(c.path.rstrip("/"))
        )
        hub = self.browser.hub
        address = hub.replace("http", "ws", 1) + f"{self.base}/api/kernels/{self.number}/channels"
        address += f"?session_id={page}" if page else ""
        settings: dict[str, Any] = {"origin": hub, "timeout": 120} | more
        return websocket.create_connection(
            address, cookie=cookies, class_=CountingSocket, **settings
        )

    def run(self, code: str) -> str:
        """Run code; give back what it printed, or its error."""
        return "".join(self.messages(code))

    def send(self, kind: str, content: dict, channel="shell") -> str:
        """Ask the kernel something; give back the question's number."""
        number = uuid.uuid4().hex
        header = {
            "msg_id": number,
            "msg_type": kind,
            "version": "5.3",
            "session": "s",
            "username": "u",
            "date": "",
        }
        message = {
            "channel": channel,
            "parent_header": {},
            "metadata": {},
            "buffers": [],
            "header": header,
            "content": content,
        }
        self.socket.send(json.dumps(message))
        return number

    def send_code(self, code: str) -> str:
        """Have code run, and do not wait."""
        content = {
            "code": code,
            "silent": False,
            "store_history": False,
            "user_expressions": {},
            "allow_stdin": False,
        }
        return self.send("execute_request", content)

    def messages(self, code: str) -> list[str]:
        number = self.send_code(code)
        said, awaited = [], {"execute_reply", "idle"}
        while awaited:
            message = json.loads(self.socket.recv())
            kind, content = message["msg_type"], message["content"]
            if kind == "stream" and message["channel"] == "iopub":
                said.append(content["text"])
            if message["parent_header"].get("msg_id") != number:
                continue
            if kind == "error":
                said.append(f"{content['ename']}: {content['evalue']}")
            if kind in ("display_data", "execute_result"):
                said.append(json.dumps(content["data"]))
            awaited -= {kind, content.get("execution_state")}
        return said

    def close(self):
        self.socket.close()
