"""What comes over the field API's border: bodies, checked; unknown members are refused."""

from marshmallow import RAISE, Schema, validate
from marshmallow.fields import UUID, Boolean, DateTime, Dict, Float, Integer, List, Nested, String

SHA256 = validate.Regexp(r"^[0-9a-f]{64}$")


class Strict(Schema):
    """A body in which every member is known."""

    class Meta:
        """Members that the schema does not name are errors."""

        unknown = RAISE


class DeviceBody(Strict):
    """A phone that wants to enrol; id and key were made on it."""

    id = UUID(required=True)
    name = String(required=True, validate=validate.Length(1, 80))
    public_key = Dict(required=True)


class EnrolBody(Strict):
    """POST /enrol"""

    code = String(required=True, validate=validate.Length(1, 100))
    device = Nested(DeviceBody, required=True)


class NonceBody(Strict):
    """POST /nonce"""

    device_id = UUID(required=True)


class TokenBody(Strict):
    """POST /token"""

    device_id = UUID(required=True)
    nonce = String(required=True, validate=validate.Length(1, 100))
    signature = String(required=True, validate=validate.Length(1, 200))


class ChangesQuery(Strict):
    """GET /changes"""

    since = String(load_default=None, validate=validate.Length(1, 300))


class CheckInBody(Strict):
    """POST /tasks/{id}/check-in"""

    id = UUID(required=True)
    at = DateTime(required=True, format="iso")
    lon = Float(required=True, allow_none=True, validate=validate.Range(-180, 180))
    lat = Float(required=True, allow_none=True, validate=validate.Range(-90, 90))
    accuracy = Float(required=True, allow_none=True, validate=validate.Range(0))
    clock_offset_ms = Integer(required=True)
    scanned = String(load_default=None, allow_none=True, validate=validate.Length(max=500))
    reason = String(load_default=None, allow_none=True, validate=validate.Length(max=500))


class AnswerBody(Strict):
    """One item's answer."""

    item = Integer(required=True)
    value = String(required=True, validate=validate.OneOf(["yes", "no", "na"]))
    remark = String(load_default="", validate=validate.Length(max=2000))


class PhotoBody(Strict):
    """A photo by the hash of its bytes."""

    id = UUID(required=True)
    item = Integer(required=True, allow_none=True)
    sha256 = String(required=True, validate=SHA256)
    size = Integer(required=True, validate=validate.Range(1))
    taken_at = DateTime(required=True, format="iso")
    lon = Float(load_default=None, allow_none=True)
    lat = Float(load_default=None, allow_none=True)
    accuracy = Float(load_default=None, allow_none=True)
    seq = Integer(required=True)


class SignatureBody(Strict):
    """Somebody's signature; its image came like a photo."""

    role = String(required=True, validate=validate.OneOf(["officer", "entity"]))
    inspector_id = UUID(load_default=None, allow_none=True)
    name = String(required=True, validate=validate.Length(1, 80))
    sha256 = String(load_default=None, allow_none=True, validate=SHA256)


class RefusalBody(Strict):
    """Why the entity did not sign, and who witnessed that."""

    reason = String(required=True, validate=validate.Length(1, 500))
    witness = String(load_default="", validate=validate.Length(max=80))
    witness_sha256 = String(load_default=None, allow_none=True, validate=SHA256)
    """The witness's drawn signature, which came like a photo"""


class RecusalBody(Strict):
    """Whether recusal was asked for, and on what ground."""

    asked = Boolean(required=True)
    ground = String(load_default="", allow_none=True, validate=validate.Length(max=500))
    decision = String(load_default="", allow_none=True, validate=validate.Length(max=500))
    """Who rejected it and when; without a decision the visit waits"""


class SubmissionBody(Strict):
    """PUT /submissions/{id}"""

    task_id = UUID(required=True)
    replaces = UUID(load_default=None, allow_none=True)
    """The returned version that this one corrects; without it the server takes the latest"""
    checklist_id = UUID(required=True)
    started_at = DateTime(required=True, format="iso")
    finished_at = DateTime(required=True, format="iso")
    clock_offset_ms = Integer(required=True)
    app_version = String(required=True, validate=validate.Length(1, 40))
    answers = List(Nested(AnswerBody), required=True, validate=validate.Length(max=500))
    form_answers = Dict(keys=String(validate=validate.Length(max=64)), load_default=dict)
    """Answers to what the checklist asks besides its items, by question: docs/checklists.md"""
    photos = List(Nested(PhotoBody), required=True, validate=validate.Length(max=500))
    result_code = String(load_default=None, allow_none=True)
    comment = String(load_default="", validate=validate.Length(max=2000))
    signatures = List(Nested(SignatureBody), required=True, validate=validate.Length(max=20))
    refusal = Nested(RefusalBody, load_default=None, allow_none=True)
    cards_shown_at = DateTime(load_default=None, allow_none=True, format="iso")
    rights_told_at = DateTime(load_default=None, allow_none=True, format="iso")
    recusal = Nested(RecusalBody, load_default=None, allow_none=True)
    """The answer to 申请回避?; null where it was not asked"""
    read_back_at = DateTime(load_default=None, allow_none=True, format="iso")


class ShareBody(Strict):
    """PUT /tasks/{id}/share: what an officer has found so far; ``seq`` grows with every share of this officer"""

    seq = Integer(required=True, validate=validate.Range(1, 2**53))
    at = DateTime(required=True, format="iso")
    answers = List(Nested(AnswerBody), required=True, validate=validate.Length(max=500))
    photos = List(Nested(PhotoBody), required=True, validate=validate.Length(max=500))
    form_answers = Dict(keys=String(validate=validate.Length(max=64)), load_default=dict)


class OperationBody(Strict):
    """One thing that a phone did; ``body`` is the exact JSON text that the single door takes."""

    id = String(required=True, validate=validate.Length(1, 100))
    kind = String(required=True, validate=validate.Length(1, 40))
    task_id = UUID(load_default=None, allow_none=True)
    """Of an arrival or a share, whose single door has it in its address"""
    body = String(required=True)


class OperationsBody(Strict):
    """POST /operations"""

    operations = List(Nested(OperationBody), required=True, validate=validate.Length(1, 50))
