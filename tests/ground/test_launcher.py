"""The launcher keeps its promises: clear refusals, all up, back after any death, a clean stop."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
import requests
from cryptography import x509

from backend import embedded
from backend.embedded import place
from backend.embedded.processes import wait_until, working_in
from backend.launcher.certificate import certificate
from backend.launcher.children import MARK

STARTS_WITHIN = 60


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]


@dataclass
class Run:
    """A launcher in a process of its own."""

    data: Path
    port: int
    process: subprocess.Popen | None = None

    def begin(self) -> None:
        outside = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "MEDIA_URL", "HOST")
        environment = {k: v for k, v in os.environ.items() if k not in outside}
        environment |= {"PORT": str(self.port), "DATA": str(self.data), "SAMPLE": "0"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "backend.launcher"],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def is_healthy(self) -> bool:
        try:
            return requests.get(f"http://127.0.0.1:{self.port}/healthz", timeout=5).ok
        except requests.RequestException:
            return False

    def children(self, name: str = "") -> list[psutil.Process]:
        return [p for p in psutil.process_iter() if self._is_child(p, name)]

    def _is_child(self, process: psutil.Process, name: str) -> bool:
        try:
            told = process.environ()
        except (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess):
            return False
        return told.get("DATA") == str(self.data) and told.get(MARK, "").endswith(f":{name}")

    def stop(self) -> None:
        self.process.terminate()
        self.process.communicate()

    def output(self, seconds: float) -> str:
        return self.process.communicate(timeout=seconds)[0]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """An instance that is up."""
    run = Run(tmp_path_factory.mktemp("run") / "instance", free_port())
    run.begin()
    yield run
    run.stop()
    embedded.remove(run.data)


@pytest.fixture
def up(run: Run) -> Run:
    """The instance, healthy again whatever an earlier test did to it."""
    if run.process.poll() is not None:
        run.begin()
    assert wait_until(run.is_healthy, STARTS_WITHIN)
    return run


def test_a_taken_port_is_told_in_both_languages_before_anything_starts(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        run = Run(tmp_path, other.getsockname()[1])
        run.begin()
        told = run.output(30)
    assert run.process.returncode == 1
    assert "端口已被占用" in told
    assert "The port is taken" in told
    assert not (tmp_path / "instance.json").exists()


@pytest.mark.parametrize("port", ["0", "65536", "eight", "-1"])
def test_a_senseless_port_is_told(tmp_path, port):
    run = Run(tmp_path, port)
    run.begin()
    assert "PORT=" in run.output(30)
    assert run.process.returncode == 1


def test_a_second_launcher_for_the_same_folder_is_refused(up):
    second = Run(up.data, free_port())
    second.begin()
    assert "already running" in second.output(30)
    assert second.process.returncode == 1
    assert up.is_healthy()


@pytest.mark.parametrize("name", ["web", "worker", "relay"])
def test_a_killed_child_comes_back(up, name):
    killed = up.children(name)
    for process in killed:
        process.kill()
    assert wait_until(lambda: up.children(name) and up.is_healthy(), 20)
    assert not {p.pid for p in killed} & {p.pid for p in up.children(name)}


def test_killed_services_come_back(up):
    home = place.known(up.data)
    for process in working_in(home.cluster, "postgres") + working_in(home.memory, "redis-server"):
        process.kill()
    assert wait_until(lambda: embedded.running(up.data), 20)
    assert wait_until(up.is_healthy, 45)


def test_after_kill_9_of_the_launcher_the_next_run_starts(up):
    up.process.kill()
    up.process.wait()
    up.begin()
    assert wait_until(up.is_healthy, STARTS_WITHIN)
    assert up.process.poll() is None


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_stopping_is_clean_and_takes_less_than_fifteen_seconds(up, how):
    began = time.monotonic()
    up.process.send_signal(how)
    assert "Stopped." in up.output(15)
    assert time.monotonic() - began < 15
    assert up.process.returncode == 0
    assert not embedded.running(up.data)
    assert not up.children("web") + up.children("worker") + up.children("relay")


def test_the_certificate_for_the_local_network_names_this_machine_and_hides_its_key(tmp_path):
    chain, key = certificate(tmp_path / "tls", "192.168.7.7")
    told = x509.load_pem_x509_certificate(chain.read_bytes())
    names = told.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert "192.168.7.7" in [str(place) for place in names.get_values_for_type(x509.IPAddress)]
    assert "localhost" in names.get_values_for_type(x509.DNSName)
    assert key.stat().st_mode & 0o077 == 0
