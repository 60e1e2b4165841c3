"""What goes out over the field API's border: answers with all their members, as the OpenAPI document tells them."""

from marshmallow import Schema, validate
from marshmallow.fields import UUID, Boolean, DateTime, Dict, Float, Integer, List, Nested, String


def words() -> Dict:
    """A text by language: zh, en."""
    return Dict(keys=String(), values=String())


class PersonView(Schema):
    """Whose phone it is; ``unit`` is its name"""

    id = String()
    name = String()
    unit = String()


class EnrolledView(Schema):
    """Answer of /enrol"""

    device_id = UUID()
    person = Nested(PersonView)
    server_time = String()


class NonceView(Schema):
    """Answer of /nonce"""

    nonce = String()
    expires_at = String()
    server_time = String()


class TokenView(Schema):
    """Answer of /token"""

    token = String()
    expires_at = String()
    server_time = String()


class ThisDeviceView(Schema):
    """The phone that asks"""

    id = String()


class MeView(Schema):
    """Answer of /me"""

    person = Nested(PersonView)
    device = Nested(ThisDeviceView)
    server_time = String()


class EntityView(Schema):
    """Whom to visit; degrees of WGS 84, null where nobody knows the place"""

    id = String()
    name = String()
    uscc = String(allow_none=True)
    address = String()
    phone = String(allow_none=True)
    district = String()
    lon = Float(allow_none=True)
    lat = Float(allow_none=True)


class ItemView(Schema):
    """What is inspected; empty texts where the visit comes from no round"""

    code = String()
    name = String()


class ChecklistVersionView(Schema):
    """The version that will judge the visit, by the id to ask for it"""

    id = String()
    code = String()
    version = String()


class TourView(Schema):
    """Where the visit stands on its tour: ``arrive``, ``depart``, ``leave`` and ``windows`` are seconds after local midnight.

    ``leg`` is the travel from the stop before in seconds; ``quality`` is ``degraded`` where it was reckoned without roads.
    """

    id = String()
    label = String()
    date = String()
    seq = Integer(allow_none=True)
    arrive = Integer(allow_none=True)
    depart = Integer(allow_none=True)
    leg = Integer(allow_none=True)
    leave = Integer(allow_none=True)
    windows = List(List(Integer()))
    quality = String()


class OfficerView(Schema):
    """An officer of the team, the leader first; ``me``: the person of this phone"""

    inspector_id = String()
    name = String()
    card_no = String(allow_none=True)
    leader = Boolean()
    me = Boolean()


class LastProblemView(Schema):
    """What failed at the entity's last confirmed visit"""

    item = Integer()
    text = String()


class ItemRemarkView(Schema):
    """What a reviewer says of one item"""

    item = Integer()
    remark = String()


class ReturnedView(Schema):
    """Why the record came back, and which submission a correction replaces"""

    remark = String()
    at = String()
    items = List(Nested(ItemRemarkView))
    submission = String()


class LatestView(Schema):
    """The latest submission of a task"""

    id = String()
    state = String()
    finished_at = String()


class TaskView(Schema):
    """A task of the phone's team."""

    id = UUID()
    state = String()
    source = String()
    due = String()
    opens_at = String()
    entity = Nested(EntityView)
    item = Nested(ItemView)
    checklist = Nested(ChecklistVersionView)
    tour = Nested(TourView, allow_none=True)
    team = List(Nested(OfficerView))
    last_problems = List(Nested(LastProblemView))
    returned = Nested(ReturnedView, allow_none=True)
    submission = Nested(LatestView, allow_none=True)


class TasksView(Schema):
    """Answer of /tasks"""

    server_time = String()
    tasks = List(Nested(TaskView))


class ChangesView(Schema):
    """Answer of /changes: when ``fresh``, ``tasks`` are all; tasks not in ``visible`` are to be dropped."""

    server_time = String()
    token = String()
    fresh = Boolean()
    tasks = List(Nested(TaskView))
    visible = List(String())


class SectionView(Schema):
    """A heading above items"""

    code = String()
    title = words()


class CheckItemView(Schema):
    """One item; ``name`` is that of its question in the form, ``photo`` when it wants one"""

    no = Integer()
    name = String()
    section = String()
    key = Boolean()
    text = words()
    method = Dict(keys=String(), values=String(), allow_none=True)
    photo = String(validate=validate.OneOf(["ALWAYS", "ON_FAIL", "NEVER"]))
    prompt = Dict(keys=String(), values=String(), allow_none=True)


class ConclusionView(Schema):
    """How many failed items still make 基本符合"""

    general_max_for_basic = Integer()
    key_max_for_basic = Integer()


class ChecklistView(Schema):
    """A checklist as phones fill it; ``form`` is described in docs/checklists.md."""

    id = UUID()
    code = String()
    version = String()
    title = words()
    sections = List(Nested(SectionView))
    items = List(Nested(CheckItemView))
    answers = List(String())
    conclusion = Nested(ConclusionView)
    form = Dict()
    sha256 = String()


class CheckInView(Schema):
    """Answer of a check-in: the fence's opinion; it never blocks."""

    distance_m = Float(allow_none=True)
    inside = Boolean()
    state = String()


class ReceiptView(Schema):
    """The signed receipt: Ed25519 by ``key`` over the canonical JSON of all the other members; hex"""

    submission = String()
    task = String()
    manifest_sha256 = String()
    received_at = String()
    key = String()
    signature = String()


class ReviewView(Schema):
    """The last review"""

    by = String()
    decision = String(validate=validate.OneOf(["confirmed", "returned"]))
    remark = String()
    items = List(Nested(ItemRemarkView))
    at = String()


class SubmissionView(Schema):
    """A submission with its signed receipt, and its review when there was one."""

    id = UUID()
    state = String()
    receipt = Nested(ReceiptView)
    review = Nested(ReviewView, allow_none=True)


class ShareKeptView(Schema):
    """Answer of a share: the latest one of this officer"""

    task_id = UUID()
    seq = Integer()
    received_at = String()


class ShareView(Schema):
    """What a colleague shared of a visit; ``answers``, ``photos`` and ``form_answers`` as they were sent"""

    inspector_id = UUID()
    name = String()
    leader = Boolean()
    seq = Integer()
    at = DateTime(format="iso")
    received_at = DateTime(format="iso")
    answers = List(Dict())
    photos = List(Dict())
    form_answers = Dict()


class SharesView(Schema):
    """Answer of /tasks/{id}/shares: the leader's first"""

    server_time = String()
    shares = List(Nested(ShareView))


class MapTourView(Schema):
    """The tour of a map; ``depot`` is [lon, lat], ``leave`` and ``back`` are seconds after local midnight"""

    id = String()
    label = String()
    date = String()
    quality = String()
    depot = List(Float())
    leave = Integer(allow_none=True)
    back = Integer(allow_none=True)


class RoadView(Schema):
    """A road, by its class and the line's text"""

    kind = String()
    name = String()
    line = String()


class PlaceView(Schema):
    """A named place"""

    kind = String()
    name = String()
    lon = Float()
    lat = Float()


class OutlineView(Schema):
    """The border of a district"""

    code = String()
    name = String()
    name_en = String()
    line = String()


class MapView(Schema):
    """A tour's map: lines are polyline texts of five decimals, ``box`` west, south, east, north in degrees WGS 84"""

    format = Integer()
    version = String()
    tour = Nested(MapTourView)
    box = List(Float())
    route = String()
    roads = List(Nested(RoadView))
    places = List(Nested(PlaceView))
    outlines = List(Nested(OutlineView))


class OperationView(Schema):
    """How an operation went; ``again`` says that the same bytes may go through later."""

    id = String()
    status = String(validate=validate.OneOf(["applied", "already-applied", "conflict", "refused"]))
    again = Boolean()
    problem = Dict(allow_none=True)
    answer = Dict(allow_none=True)


class OperationsView(Schema):
    """Answer of /operations, in the order in which they came."""

    server_time = String()
    results = List(Nested(OperationView))
