"""What can be wrong with bytes; each fault has a stable code and the facts that explain it."""

from typing import Any, ClassVar


class MediaFault(Exception):
    """Base of the faults of this library."""

    code: ClassVar[str]

    def __init__(self, **facts: Any) -> None:
        self.facts = facts
        super().__init__(f"{self.code}: {facts}")


class NoSuchUpload(MediaFault):
    """The upload never was, has ended, or was removed."""

    code = "no-such-upload"


class OffsetMoved(MediaFault):
    """The upload is not where the writer thinks; ``offset`` says where it is."""

    code = "offset-moved"


class TooMuch(MediaFault):
    """More bytes than announced, or than one upload may have."""

    code = "too-much"


class ChecksumDiffers(MediaFault):
    """A piece's bytes are not those that its checksum names; nothing of it was kept."""

    code = "checksum-differs"


class UnknownChecksum(MediaFault):
    """A checksum algorithm that is not offered."""

    code = "unknown-checksum"


class BadAnnouncement(MediaFault):
    """An upload announced with a length that is no length, a hash that is no SHA-256, or an id that cannot name a file."""

    code = "bad-announcement"


class AnotherUpload(MediaFault):
    """This id was announced before with other bytes."""

    code = "another-upload"


class Finished(MediaFault):
    """The upload is whole and kept as evidence; it can no longer be removed."""

    code = "upload-finished"


class NotWhole(MediaFault):
    """Bytes of the upload are still missing; ``offset`` of ``length`` are here."""

    code = "upload-not-whole"


class Quarantined(MediaFault):
    """The bytes are whole but not those that were announced; they are kept where they are, for people to look at."""

    code = "upload-quarantined"


class AllowanceSpent(MediaFault):
    """One owner has as many bytes under way as are allowed; finish or remove some first."""

    code = "allowance-spent"


class DigestDiffers(MediaFault):
    """The bytes are not those of the hash under which they were to be kept; nothing was kept."""

    code = "digest-differs"


class NoRoom(MediaFault):
    """The disk has no room left for this."""

    code = "no-room"


class NotAnImage(MediaFault):
    """The bytes are no image of a kind that is accepted, or one that does not decode."""

    code = "not-an-image"


class TooManyPixels(MediaFault):
    """An image larger than anything a phone takes: a decompression bomb, or a mistake."""

    code = "too-many-pixels"


class TooManyBytes(MediaFault):
    """An image file larger than any phone writes."""

    code = "too-many-bytes"


class NoFont(MediaFault):
    """No font with Chinese characters is installed; ``install`` names a package that has one."""

    code = "no-font"


class StoreUnavailable(MediaFault):
    """The store cannot be used as installed or configured; ``why`` says what is missing."""

    code = "store-unavailable"


class StoreUrlUnknown(MediaFault):
    """MEDIA_URL names no store that is known here."""

    code = "store-url-unknown"
