"""The address an instance listens on, and the refusals that have to do with it."""

import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from backend.problems import Problem


class BadPort(Problem):
    """PORT is no TCP port."""

    zh = ("端口无效", "PORT={given} 不是 1 到 65535 之间的端口号。例如：make run PORT=8123")
    en = (
        "Bad port",
        "PORT={given} is not between 1 and 65535. For example: make run PORT=8123",
    )


class PortTaken(Problem):
    """Another program listens on the port, or the host is none of this machine."""

    status = 409
    zh = (
        "端口已被占用",
        "{host}:{port} 不能使用（{reason}）。请关闭占用它的程序，或换一个端口：make run PORT={other}",
    )
    en = (
        "The port is taken",
        "{host}:{port} cannot be used ({reason}). Stop the program that has it, "
        "or choose another port: make run PORT={other}",
    )


class PortForbidden(Problem):
    """The system keeps low ports for root."""

    status = 403
    zh = ("没有使用该端口的权限", "普通用户不能使用 {host}:{port}。请换一个 1024 以上的端口：make run PORT={other}")
    en = ("No right to use the port", "{host}:{port} is kept for root. Choose a port above 1023: make run PORT={other}")


@dataclass(frozen=True)
class Address:
    """Host and TCP port. The default host is this machine alone, 0.0.0.0 is every network."""

    host: str
    port: int
    https: bool = False

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Self:
        """From HOST (default 127.0.0.1), PORT (default 8000) and HTTPS=1; raises BadPort."""
        given = environment.get("PORT") or "8000"
        if not (given.isascii() and given.isdigit() and 0 < int(given) < 65536):
            raise BadPort(given=given)
        host = environment.get("HOST") or "127.0.0.1"
        return cls(host, int(given), environment.get("HTTPS") == "1")

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"

    @property
    def health_url(self) -> str:
        """Where this machine itself asks whether everything is up."""
        everywhere = self.host == "0.0.0.0"  # noqa: S104 - compared, not bound
        host = "127.0.0.1" if everywhere else self.host
        return f"{'https' if self.https else 'http'}://{host}:{self.port}/healthz"

    def refuse_when_taken(self) -> None:
        """Try the port and let it go again; raises PortTaken, PortForbidden."""
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind((self.host, self.port))
                trial.listen(1)
            except PermissionError as error:
                raise PortForbidden(host=self.host, port=self.port, other=self._other) from error
            except OSError as error:
                raise PortTaken(host=self.host, port=self.port, reason=error.strerror, other=self._other) from error

    @property
    def _other(self) -> int:
        return self.port + 1 if 1023 < self.port < 65535 else 8123
