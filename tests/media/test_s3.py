"""The store in a bucket, against moto's server."""

import io
import sys

import pytest
import requests

from media import faults
from media.store import open_store
from tests.media.makers import a_bucket, sha256, some_bytes


@pytest.fixture
def store(monkeypatch):
    with a_bucket(monkeypatch) as store:
        yield store


@pytest.mark.parametrize("length", [0, 5000, 20_000_000])
def test_what_is_put_can_be_read_by_its_hash(store, length):
    data = some_bytes(length)
    name = store.put(io.BytesIO(data))
    assert name == sha256(data)
    assert (store.has(name), store.size(name)) == (True, length)
    with store.open(name) as blob:
        assert blob.read() == data
        assert blob.seek(0) == 0


def test_the_same_bytes_are_sent_once(store):
    name = store.put(io.BytesIO(b"evidence"))
    assert store.put(io.BytesIO(b"evidence")) == name
    versions = store.client.list_object_versions(Bucket=store.bucket)["Versions"]
    assert [version["Key"] for version in versions] == [f"city/{name[:2]}/{name[2:4]}/{name}"]


def test_bytes_of_another_hash_than_named_are_not_kept(store):
    with pytest.raises(faults.DigestDiffers):
        store.put(io.BytesIO(b"evidence"), "0" * 64)
    assert "Contents" not in store.client.list_objects_v2(Bucket=store.bucket)


def test_what_is_not_there_is_not_found(store):
    assert not store.has("0" * 64)
    for question in (store.open, store.size, store.address):
        with pytest.raises(FileNotFoundError):
            question("0" * 64)


def test_the_address_can_be_read_without_keys(store):
    name = store.put(io.BytesIO(b"evidence"))
    assert requests.get(store.address(name), timeout=10).content == b"evidence"


def test_without_boto3_a_bucket_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "boto3", None)
    with pytest.raises(faults.StoreUnavailable) as told:
        open_store("s3://evidence")
    assert "pip install boto3" in told.value.facts["why"]
