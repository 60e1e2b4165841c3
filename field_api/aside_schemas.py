"""What goes over the border aside of the records: drafts that move, logs of phones."""

from marshmallow import Schema, validate
from marshmallow.fields import UUID, Boolean, DateTime, Dict, Integer, List, Nested, String

from field_api.schemas import SHA256, Strict


class DraftPhotoBody(Strict):
    """A photo that a draft names."""

    id = UUID(required=True)
    sha256 = String(required=True, validate=SHA256)
    size = Integer(required=True, validate=validate.Range(1, 32 * 2**20))


class DraftBody(Strict):
    """PUT /drafts/{id}; ``visit`` is the JSON text of the visit as the phone keeps it."""

    task_id = UUID(required=True)
    visit = String(required=True, validate=validate.Length(1, 2**20))
    photos = List(Nested(DraftPhotoBody), required=True, validate=validate.Length(max=200))


class LogEntryBody(Strict):
    """One line of a phone's log; docs/field-api.md names the fields that are kept."""

    at = DateTime(required=True, format="iso")
    level = String(required=True, validate=validate.OneOf(["info", "warning", "error"]))
    event = String(required=True, validate=validate.Regexp(r"^[a-z][a-z0-9_]{0,59}$"))
    facts = Dict(keys=String(), load_default=dict, data_key="fields", validate=validate.Length(max=30))
    """A schema has a member ``fields`` of its own"""


class DeviceLogBody(Strict):
    """POST /device-log"""

    entries = List(Nested(LogEntryBody), required=True, validate=validate.Length(1, 200))


class DraftView(Schema):
    """A parked draft; ``missing`` photos have not come yet, ``here`` says that this phone parked it."""

    visit_id = UUID()
    task_id = UUID()
    device_id = UUID()
    parked_at = String()
    photos = List(Dict())
    missing = List(String())
    visit = String(allow_none=True)
    here = Boolean()


class DraftsView(Schema):
    """Answer of GET /drafts"""

    server_time = String()
    drafts = List(Nested(DraftView))


class DeviceLogView(Schema):
    """Answer of /device-log"""

    kept = Integer()
    fields_left_out = Integer()


class Nothing(Schema):
    """An answer that says no more than its status."""
