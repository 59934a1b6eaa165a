"""A browser without a window: one person's cookies, the hub, a session's server, and the desk."""

import re
import time
from dataclasses import dataclass, field
from typing import Any

import httpx

from tre.attack.attack import CannotAttackError
from tre.attack.channel import Channel
from tre.attack.kernel import Kernel
from tre.config import Config
from tre.vocabulary import PersonId, ProjectId

SECONDS = 30
START_SECONDS = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Where the parts of a world are, without a slash at the end; server: one session's."""

    hub: str
    desk: str


def addresses_of(config: Config) -> Addresses:
    """The addresses that browsers use."""
    return Addresses(hub=config.url, desk=config.desk_address)


@dataclass(slots=True)
class Visitor:
    """One browser; `person` is "" where nobody is signed in.

    Redirects are not followed unless asked, so that a refusal is seen as it is.
    """

    at: Addresses
    person: PersonId = ""
    project: ProjectId = ""
    http: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=SECONDS))
    _csrf: str = ""

    def close(self) -> None:
        """Forget every cookie."""
        self.http.close()

    @property
    def base(self) -> str:
        """The path of this person's session, with a slash at the end."""
        return f"/user/{self.person}/{self.project}/"

    def sign_in(self, person: PersonId, password: str, code: str) -> httpx.Response:
        """Sign in at the hub; the answer is a redirect where it succeeded."""
        page = self.http.get(f"{self.at.hub}/hub/login", follow_redirects=True)
        found = re.search(r'name="_xsrf" value="([^"]+)"', page.text)
        if not found:
            message = f"{self.at.hub} shows no sign-in page"
            raise CannotAttackError(message)
        form = {"_xsrf": found[1], "username": person, "password": password, "otp": code}
        answer = self.http.post(f"{self.at.hub}/hub/login", data=form)
        if answer.is_redirect:
            self.person = person
            self.http.get(f"{self.at.hub}/hub/home")
        return answer

    def hub(self, method: str, path: str, *, xsrf: bool = True, **more: Any) -> httpx.Response:
        """Ask the hub; path begins with /hub/ or /user/."""
        headers = dict(more.pop("headers", {}))
        if xsrf:
            headers = {"X-XSRFToken": self.xsrf(path), "Referer": self.at.hub + path} | headers
        return self.http.request(method, self.at.hub + path, headers=headers, **more)

    def server(self, method: str, path: str, *, xsrf: bool = True, **more: Any) -> httpx.Response:
        """Ask this person's session; path is below its base."""
        return self.hub(method, self.base + path, xsrf=xsrf, **more)

    def desk(self, method: str, path: str, *, genuine: bool = True, **more: Any) -> httpx.Response:
        """Ask the desk, as its own page would."""
        headers = dict(more.pop("headers", {}))
        if genuine and method not in ("GET", "HEAD"):
            headers = {"Origin": self.at.desk, "X-CSRF-Token": self._csrf} | headers
        return self.http.request(method, self.at.desk + path, headers=headers, **more)

    def enter_desk(self) -> None:
        """Sign in at the desk by way of the hub."""
        self.http.get(f"{self.at.desk}/projects", follow_redirects=True)
        answer = self.desk("GET", "/api/v1/me")
        if answer.status_code != 200:
            message = f"{self.person} could not enter the desk: status {answer.status_code}"
            raise CannotAttackError(message)
        self._csrf = answer.json()["csrf"]

    def xsrf(self, path: str) -> str:
        """The secret that the page of that path would send along."""
        own = [
            cookie
            for cookie in self.http.cookies.jar
            if cookie.name == "_xsrf" and path.startswith(cookie.path)
        ]
        return str(max(own, key=lambda cookie: len(cookie.path)).value) if own else ""

    def cookies(self, path: str) -> str:
        """The header with the cookies for a path of the hub."""
        return "; ".join(
            f"{cookie.name}={cookie.value}"
            for cookie in self.http.cookies.jar
            if path.startswith(cookie.path.rstrip("/"))
        )

    def is_running(self) -> bool:
        """Whether this person's session on the project runs and is ready."""
        servers = self.hub("GET", f"/hub/api/users/{self.person}").json().get("servers", {})
        return bool(servers.get(self.project, {}).get("ready"))

    def open_session(self, project: ProjectId) -> bool:
        """Start the session on a project, or take the running one; whether it was started."""
        self.project = project
        started = not self.is_running()
        if started:
            answer = self.hub("POST", self._in_hub())
            if answer.status_code not in (201, 202):
                message = f"{self.person} gets no session on {project}: {answer.text[:300]}"
                raise CannotAttackError(message)
        until = time.monotonic() + START_SECONDS
        while not self.is_running():
            if time.monotonic() > until:
                message = f"the session of {self.person} on {project} did not get ready"
                raise CannotAttackError(message)
            time.sleep(0.2)
        self.http.get(f"{self.at.hub}{self.base}api/status", follow_redirects=True)
        self.http.get(f"{self.at.hub}{self.base}lab", follow_redirects=True)
        return started

    def stop_session(self) -> None:
        """Stop the session and wait until it is gone."""
        self.hub("DELETE", self._in_hub())
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            servers = self.hub("GET", f"/hub/api/users/{self.person}").json().get("servers", {})
            if self.project not in servers or servers[self.project].get("stopped"):
                return
            time.sleep(0.2)

    def _in_hub(self) -> str:
        return f"/hub/api/users/{self.person}/servers/{self.project}"

    def start_kernel(self, name: str = "python3") -> Kernel:
        """Start a kernel in the session and listen to it."""
        started = self.server("POST", "api/kernels", json={"name": name})
        if started.status_code != 201:
            message = f"no kernel started: status {started.status_code} {started.text[:200]}"
            raise CannotAttackError(message)
        number = started.json()["id"]
        return Kernel(self.channel(number), number)

    def stop_kernel(self, kernel: Kernel) -> None:
        """Stop a kernel."""
        kernel.close()
        self.server("DELETE", f"api/kernels/{kernel.number}")

    def channel(self, number: str, **headers: str) -> Channel:
        """Open a kernel's WebSocket; headers stand in place of a browser's own."""
        path = f"{self.base}api/kernels/{number}/channels"
        usual = {"Cookie": self.cookies(path), "Origin": self.at.hub}
        return Channel(self.at.hub.replace("http", "ws", 1) + path, usual | headers)
