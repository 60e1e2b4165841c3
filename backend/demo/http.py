"""Speaking HTTP as the demo's people do: patient with a server that is coming back, clear about what it refuses."""

import time
from typing import Any

import requests

AWAY = (502, 503, 504)
PATIENCE_S = 180.0
"""How long the demo waits for a server that was killed and is being restarted"""


class Refused(RuntimeError):
    """The server answered with a problem."""

    def __init__(self, method: str, url: str, response: requests.Response) -> None:
        self.status, self.headers = response.status_code, response.headers
        self.problem = _problem(response)
        told = self.problem.get("detail") or response.text[:300]
        super().__init__(f"{method} {url}: {response.status_code} {self.problem.get('code', '')} {told}")


def _problem(response: requests.Response) -> dict[str, Any]:
    try:
        return dict(response.json())
    except ValueError:
        return {}


class Caller:
    """A session that asks again while the server is away or says 503."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self.session = requests.Session()
        self.session.headers["Accept"] = "application/json"
        self.session.headers["Accept-Language"] = "zh"

    def ask(self, method: str, path: str, **more: Any) -> requests.Response:
        """Send a request until it is answered. Raises Refused for problems, ConnectionError when patience ends."""
        ends = time.monotonic() + PATIENCE_S
        pause = 0.2
        while True:
            try:
                response = self.session.request(method, self.url + path, timeout=60, **more)
                if response.status_code not in AWAY or time.monotonic() > ends:
                    break
            except (requests.ConnectionError, requests.Timeout):
                if time.monotonic() > ends:
                    raise
            time.sleep(pause)
            pause = min(pause * 1.6, 3.0)
        if response.status_code >= 400:
            raise Refused(method, path, response)
        return response

    def json(self, method: str, path: str, **more: Any) -> Any:
        """The same, answered as JSON."""
        return self.ask(method, path, **more).json()
