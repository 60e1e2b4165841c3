"""The store in a bucket of any S3-compatible service; needs boto3, which an installation with a folder does not."""

import tempfile
from pathlib import Path
from typing import Any, BinaryIO, cast
from urllib.parse import parse_qs, urlsplit

from media.disk import copy_hashed, full_disk_told, is_sha256
from media.faults import DigestDiffers, StoreUnavailable

READABLE_S = 600
GONE = ("404", "NoSuchKey", "NotFound")
IN_MEMORY = 8 * 1024 * 1024


class S3Store:
    """A store in a bucket, under ``prefix/ab/cd/abcd…``; the service makes each object visible whole or not at all."""

    def __init__(self, client: Any, bucket: str, prefix: str = "") -> None:
        self.client, self.bucket, self.prefix = client, bucket, prefix.strip("/")

    def put(self, source: BinaryIO | Path, sha256: str | None = None) -> str:
        """See Store. The bytes pass through a temporary file, for their name is known only at their end."""
        if isinstance(source, Path):
            with source.open("rb") as opened:
                return self.put(opened, sha256)
        with tempfile.SpooledTemporaryFile(IN_MEMORY) as aside:
            with full_disk_told(folder=tempfile.gettempdir()):
                digest = copy_hashed(source, cast(BinaryIO, aside))
            if sha256 not in (None, digest):
                raise DigestDiffers(announced=sha256, found=digest)
            length = aside.tell()
            if self._length(digest) != length:
                aside.seek(0)
                self.client.upload_fileobj(aside, self.bucket, self._key(digest))
        return digest

    def open(self, sha256: str) -> BinaryIO:
        """See Store. The blob is fetched into a temporary file that goes when it is closed."""
        self.size(sha256)
        fetched = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - the caller closes it
        self.client.download_fileobj(self.bucket, self._key(sha256), fetched)
        fetched.seek(0)
        return cast(BinaryIO, fetched)

    def has(self, sha256: str) -> bool:
        """See Store."""
        return self._length(sha256) is not None

    def size(self, sha256: str) -> int:
        """See Store."""
        if (length := self._length(sha256)) is None:
            raise FileNotFoundError(sha256)
        return length

    def address(self, sha256: str) -> str:
        """See Store: a signed URL, good for ten minutes."""
        self.size(sha256)
        wanted = {"Bucket": self.bucket, "Key": self._key(sha256)}
        return str(self.client.generate_presigned_url("get_object", Params=wanted, ExpiresIn=READABLE_S))

    def _length(self, sha256: str) -> int | None:
        if not is_sha256(sha256):
            return None
        try:
            return int(self.client.head_object(Bucket=self.bucket, Key=self._key(sha256))["ContentLength"])
        except self.client.exceptions.ClientError as told:
            if told.response["Error"]["Code"] in GONE:
                return None
            raise

    def _key(self, sha256: str) -> str:
        return "/".join(filter(None, (self.prefix, sha256[:2], sha256[2:4], sha256)))


def open_bucket(url: str) -> S3Store:
    """The store of ``s3://bucket/prefix?endpoint=https://…&region=…``; credentials are boto3's own (environment, files).

    Raises StoreUnavailable when boto3 is not installed or cannot make sense of the URL.
    """
    try:
        import boto3
    except ImportError as missing:
        raise StoreUnavailable(url=url, why="boto3 is not installed: pip install boto3") from missing
    parts = urlsplit(url)
    asked = {key: values[0] for key, values in parse_qs(parts.query).items()}
    try:
        client = boto3.client("s3", endpoint_url=asked.get("endpoint"), region_name=asked.get("region"))
    except Exception as wrong:
        raise StoreUnavailable(url=url, why=str(wrong)) from wrong
    return S3Store(client, parts.netloc, parts.path)
