"""A browser without a screen: signs in, opens a session, talks to its kernel."""

import json
import re
import time
import uuid

import httpx
import websocket


class Browser:
    def __init__(self, hub: str):
        self.hub = hub
        self.opened: httpx.Response | None = None
        self.http = httpx.Client(base_url=hub, follow_redirects=True, timeout=30, verify=False)

    def close(self):
        self.http.close()

    def sign_in(self, name: str, password: str, code: str) -> httpx.Response:
        page = self.http.get("/hub/login")
        token = re.findall(r'name="_xsrf" value="([^"]+)"', page.text)[0]
        form = {"_xsrf": token, "username": name, "password": password, "otp": code}
        return self.http.post("/hub/login", data=form)

    def open(self, name: str, project: str, patience=60) -> httpx.Response:
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

    def kernel(self, name: str, project: str) -> "Kernel":
        base = f"/user/{name}/{project}"
        started = self.ask("POST", f"{base}/api/kernels", json={"name": "python3"})
        started.raise_for_status()
        return Kernel(self, base, started.json()["id"])


class Kernel:
    def __init__(self, browser: Browser, base: str, number: str):
        cookies = "; ".join(
            f"{c.name}={c.value}"
            for c in browser.http.cookies.jar
            if base.startswith(c.path.rstrip("/"))
        )
        address = browser.hub.replace("http", "ws", 1) + f"{base}/api/kernels/{number}/channels"
        self.socket = websocket.create_connection(
            address, cookie=cookies, timeout=60, origin=browser.hub
        )

    def run(self, code: str) -> str:
        """Run code; give back what it printed, or its error."""
        return "".join(self.messages(code))

    def messages(self, code: str) -> list[str]:
        number = uuid.uuid4().hex
        self.socket.send(
            json.dumps(
                {
                    "channel": "shell",
                    "parent_header": {},
                    "metadata": {},
                    "buffers": [],
                    "header": {
                        "msg_id": number,
                        "msg_type": "execute_request",
                        "version": "5.3",
                        "session": "s",
                        "username": "u",
                        "date": "",
                    },
                    "content": {
                        "code": code,
                        "silent": False,
                        "store_history": False,
                        "user_expressions": {},
                        "allow_stdin": False,
                    },
                }
            )
        )
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
