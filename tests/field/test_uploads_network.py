"""Uploads over a bad network to three server processes on one spool: whatever befalls them, the bytes are right."""

import json
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st
from tusclient.client import TusClient
from tusclient.exceptions import TusCommunicationError

from backend.soak.proxy import Fault, Proxy, Weather
from tests.field.site import Site, standing_site
from tests.field.tus import Sending, some_bytes

CLIENT = Path(__file__).with_name("tus_client.mjs")
WRITERS, PIECE = 12, 2 * 64 * 1024
STORM = dict.fromkeys(list(Fault)[1:], 0.06)


@pytest.fixture(scope="module")
def site():
    with standing_site(servers=3, UPLOAD_QUOTA="2") as site:
        yield site


def until(holds: Callable[[], bool]) -> None:
    ends = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < ends
        time.sleep(0.02)


def send_by_tuspy(sending: Sending, url: str, chunk: int) -> None:
    """tuspy as it is; when it gives up it is asked anew, and finds what is there."""
    client = TusClient(f"{url}/field/v1/uploads", headers=sending.headers())
    file = sending.site.data / f"tuspy-{sending.id}"
    file.write_bytes(sending.data)
    for _ in range(40):
        try:
            uploader = client.uploader(str(file), chunk_size=chunk, metadata=sending.metadata, retries=8, retry_delay=0)
            return uploader.upload()
        except (TusCommunicationError, requests.RequestException, TypeError, ValueError):
            time.sleep(
                0.05
            )  # TypeError, ValueError: an answer's head was bitten off, and tuspy reads no offset from it
    raise AssertionError("tuspy never got through")


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_tuspy_through_a_network_that_cuts_delays_and_reorders_leaves_the_same_bytes(site: Site, seed: int):
    sending = Sending(site, some_bytes(900_000, seed))
    with Proxy(site.ports, Weather(seed, STORM, 0.3)) as proxy:
        send_by_tuspy(sending, proxy.url, 32 * 1024)
    assert sum(n for fault, n in proxy.told.items() if fault != "none") > 3
    assert sending.arrived() == sending.data


@pytest.mark.parametrize("seed", [4, 5, 6])
def test_tus_js_client_through_such_a_network_leaves_the_same_bytes(site: Site, seed: int):
    sending = Sending(site, some_bytes(900_000, seed))
    file = site.data / f"original-{seed}"
    file.write_bytes(sending.data)
    with Proxy(site.ports, Weather(seed, STORM, 0.3)) as proxy:
        told = {"url": f"{proxy.url}/field/v1/uploads", "file": str(file), "headers": sending.headers(),
                "metadata": sending.metadata, "chunk": 32 * 1024}  # fmt: skip
        done = subprocess.run(["node", CLIENT, json.dumps(told)], capture_output=True, text=True, timeout=180)
    assert done.stdout == "sent\n", done.stderr
    assert sum(n for fault, n in proxy.told.items() if fault != "none") > 3
    assert sending.arrived() == sending.data


def test_many_phones_at_once_through_such_a_network_leave_each_its_own_bytes(site: Site):
    sendings = [Sending(site, some_bytes(200_000, 100 + n)) for n in range(12)]
    with Proxy(site.ports, Weather(7, STORM, 0.3)) as proxy, ThreadPoolExecutor(12) as pool:
        list(pool.map(lambda sending: send_by_tuspy(sending, proxy.url, 24 * 1024), sendings))
    assert [s.arrived() == s.data for s in sendings] == [True] * len(sendings)


def test_a_stale_slow_writer_of_another_process_cannot_touch_what_a_later_one_committed(site: Site):
    sending = Sending(site, some_bytes(3 * PIECE))
    sending.create(0)
    with closing(sending.half_patch(0, b"x" * 2 * PIECE, PIECE, server=0)) as stale:
        until(lambda: sending.spooled() == PIECE)
        assert sending.patch(0, sending.data[: 2 * PIECE], server=1).status_code == 204
        stale.sendall(b"x" * PIECE)
        assert b" 409 " in stale.recv(4096).split(b"\r\n")[0]
    assert sending.offset(2) == 2 * PIECE
    assert sending.patch(2 * PIECE, sending.data[2 * PIECE :], server=2).status_code == 204
    assert sending.arrived() == sending.data


def test_of_twelve_racing_writers_on_three_processes_one_wins(site: Site):
    sending = Sending(site, some_bytes(2 * PIECE))
    sending.create()
    sending.headers()

    def write(writer: int) -> int:
        return sending.patch(0, bytes([65 + writer]) * PIECE, writer % 3).status_code

    with ThreadPoolExecutor(WRITERS) as pool:
        told = list(pool.map(write, range(WRITERS)))
    assert sorted(told) == [204] + [409] * (WRITERS - 1)
    assert sending.arrived() == bytes([65 + told.index(204)]) * PIECE


@pytest.mark.parametrize("server", [0, 1, 2])
def test_what_a_killed_process_had_received_is_taken_in_by_another(site: Site, server: int):
    sending = Sending(site, some_bytes(4 * PIECE, server))
    sending.create(server)
    sending.patch(0, sending.data[:PIECE], server)
    with closing(sending.half_patch(PIECE, sending.data[PIECE:], PIECE, server)):
        until(lambda: sending.spooled() == PIECE)
        site.servers[server].kill_worker()
    other = (server + 1) % 3
    assert sending.offset(other) == 2 * PIECE
    assert sending.patch(2 * PIECE, sending.data[2 * PIECE :], other).status_code == 204
    assert sending.arrived() == sending.data
    site.servers[server].await_answer()


cuts = st.lists(st.tuples(st.integers(0, 60_000), st.sampled_from([0, 1, 2]), st.sampled_from([0, 1, 2])), max_size=6)


@settings(max_examples=25, deadline=None)
@given(length=st.integers(1, 60_000), cuts=cuts)
def test_any_cut_over_the_network_yields_the_same_bytes(site: Site, length: int, cuts: list[tuple[int, int, int]]):
    sending = Sending(site, some_bytes(length, length))
    sending.create()
    for cut, asked, server in cuts:
        at = sending.offset(asked)
        with closing(sending.half_patch(at, sending.data[at:], min(cut, length - at), server)):
            pass
    # A cut piece may still be joined after we asked: then 409, and a client asks again.
    while (rest := sending.offset()) < length:
        assert sending.patch(rest, sending.data[rest:], 1).status_code in (204, 409)
    assert sending.arrived() == sending.data


def test_a_disk_that_fills_in_the_middle_is_told_and_the_upload_goes_on_when_there_is_room(site: Site):
    sending = Sending(site, some_bytes(300_000))
    sending.create()
    with site.another_server() as full:
        assert sending.patch(0, sending.data[:60_000], full).status_code == 204
        site.servers[full].no_file_beyond(100_000)
        told = sending.patch(60_000, sending.data[60_000:], full)
        assert (told.status_code, told.json()["code"]) == (507, "upload-refused")
        assert {"zh", "en"} <= told.json().keys()
        assert sending.offset() == 60_000
    assert sending.patch(60_000, sending.data[60_000:]).status_code == 204
    assert sending.arrived() == sending.data


def test_a_person_whose_unfinished_uploads_fill_the_quota_is_told_and_goes_on_when_one_is_finished(site: Site):
    """The site allows two megabytes."""
    first, second = (Sending(site, some_bytes(1_200_000, seed), number=1) for seed in (21, 22))
    assert first.create(0).status_code == 201
    told = second.create(1)
    assert (told.status_code, told.json()["code"]) == (507, "upload-refused")
    assert first.patch(0, first.data, 2).status_code == 204
    assert second.create(1).status_code == 201
    assert second.patch(0, second.data).status_code == 204


def test_an_upload_that_the_disk_cannot_hold_is_told_before_a_byte_is_sent(site: Site):
    with site.another_server(UPLOAD_SPARE=str(10**9)) as full:
        told = Sending(site, some_bytes(1000)).create(full)
    assert (told.status_code, told.json()["code"]) == (507, "upload-refused")
    assert told.json()["free"] == 0


def test_a_signed_request_that_is_sent_to_every_server_at_once_is_taken_by_one(site: Site):
    phone, host = site.phone(0), "fieldlot.example"
    phone.ask("GET", "/me")
    for _ in range(5):
        proof = phone.signer.proof("GET", f"http://{host}/field/v1/me", nonce=phone.nonce, token=phone.token, body=b"")
        headers = {"Host": host, "Authorization": f"DPoP {phone.token}", "DPoP": proof}
        ask = partial(requests.get, headers=headers, timeout=30)
        with ThreadPoolExecutor(3) as racing:
            answers = list(racing.map(ask, [f"{site.url(n)}/field/v1/me" for n in range(3)]))
        told = sorted(answer.json().get("code", "taken") for answer in answers)
        assert told == ["replayed-request", "replayed-request", "taken"]
