"""The store in a bucket, against moto's server where boto3 and moto are installed."""

import importlib.util
import io
import secrets

import pytest

from media import faults
from media.store import open_store
from tests.media.makers import sha256, some_bytes

HAS_BOTO = importlib.util.find_spec("boto3") is not None
HAS_MOTO = importlib.util.find_spec("moto") is not None
needs_moto = pytest.mark.skipif(not (HAS_BOTO and HAS_MOTO), reason="boto3 and moto are not installed")


@pytest.fixture
def store(monkeypatch):
    from moto.server import ThreadedMotoServer

    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    endpoint = "http://{}:{}".format(*server.get_host_and_port())
    # moto's buckets outlive its server within one process: each test has its own
    store = open_store(f"s3://evidence-{secrets.token_hex(8)}/city?endpoint={endpoint}&region=us-east-1")
    store.client.create_bucket(Bucket=store.bucket)
    store.client.put_bucket_versioning(Bucket=store.bucket, VersioningConfiguration={"Status": "Enabled"})
    yield store
    server.stop()


@needs_moto
@pytest.mark.parametrize("length", [0, 5000, 20_000_000])
def test_what_is_put_can_be_read_by_its_hash(store, length):
    data = some_bytes(length)
    name = store.put(io.BytesIO(data))
    assert name == sha256(data)
    assert (store.has(name), store.size(name)) == (True, length)
    with store.open(name) as blob:
        assert blob.read() == data
        assert blob.seek(0) == 0


@needs_moto
def test_the_same_bytes_are_sent_once(store):
    name = store.put(io.BytesIO(b"evidence"))
    assert store.put(io.BytesIO(b"evidence")) == name
    versions = store.client.list_object_versions(Bucket=store.bucket)["Versions"]
    assert [version["Key"] for version in versions] == [f"city/{name[:2]}/{name[2:4]}/{name}"]


@needs_moto
def test_bytes_of_another_hash_than_named_are_not_kept(store):
    with pytest.raises(faults.DigestDiffers):
        store.put(io.BytesIO(b"evidence"), "0" * 64)
    assert "Contents" not in store.client.list_objects_v2(Bucket=store.bucket)


@needs_moto
def test_what_is_not_there_is_not_found(store):
    assert not store.has("0" * 64)
    for question in (store.open, store.size, store.address):
        with pytest.raises(FileNotFoundError):
            question("0" * 64)


@needs_moto
def test_the_address_can_be_read_without_keys(store):
    import requests

    name = store.put(io.BytesIO(b"evidence"))
    assert requests.get(store.address(name), timeout=10).content == b"evidence"


@pytest.mark.skipif(HAS_BOTO, reason="boto3 is installed")
def test_without_boto3_a_bucket_says_what_to_install():
    with pytest.raises(faults.StoreUnavailable) as told:
        open_store("s3://evidence")
    assert "pip install boto3" in told.value.facts["why"]
