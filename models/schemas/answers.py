"""Wire shapes of what goes out. orjson writes the answers; these describe them, and the tests hold every answer against its shape.

Here are the parts that several resources share; each resource has a file of its own beside this one.
"""

from functools import cache

from marshmallow import fields

from models.schemas.base import Wire


class Open(Wire):
    """Base of answer shapes."""


class PointAnswer(Open):
    lng = fields.Float(required=True)
    lat = fields.Float(required=True)


class WindowAnswer(Open):
    from_at = fields.AwareDateTime(required=True, data_key="from")
    to_at = fields.AwareDateTime(required=True, data_key="to")


class ProviderRefAnswer(Open):
    kind = fields.String(required=True)
    id = fields.String(required=True)


class NamedProviderAnswer(ProviderRefAnswer):
    name = fields.String(required=True)


class ServiceAnswer(Open):
    code = fields.String(required=True)
    name = fields.String(required=True)
    confidence = fields.Float(required=True)


class ContactAnswer(Open):
    name = fields.String()
    phone = fields.String(required=True)
    address = fields.String(required=True)


class EventAnswer(Open):
    id = fields.String(required=True)
    action = fields.String(required=True)
    label = fields.String(required=True)
    at = fields.AwareDateTime(required=True)
    by_role = fields.String(required=True)
    by_name = fields.String(required=True)
    order_id = fields.String(required=True, allow_none=True)
    on_behalf_of = fields.String(required=True, allow_none=True)
    why = fields.String(required=True)
    facts = fields.Dict(required=True)


class StepAnswer(Open):
    label = fields.String(required=True)
    at = fields.AwareDateTime(required=True)


class KeptAnswer(Open):
    id = fields.String(required=True)
    status = fields.String(required=True)
    status_label = fields.String(required=True)
    people = fields.Integer(required=True)
    taken = fields.Integer(required=True)
    steps = fields.List(fields.Nested(StepAnswer), required=True)


class DuplicateAnswer(Open):
    need = fields.Nested(NeedLineAnswer, required=True)
    score = fields.Float(required=True)
    alike = fields.Float(required=True)
    services = fields.List(fields.String(), required=True)
    distance_km = fields.Float(required=True, allow_none=True)
    hours_apart = fields.Float(required=True)
    same_resident = fields.Boolean(required=True)
    reason = fields.String(required=True)


class DuplicatesAnswer(Open):
    duplicates = fields.List(fields.Nested(DuplicateAnswer), required=True)


class NeedAnswer(NeedLineAnswer):
    kept = fields.Nested(KeptAnswer, required=True, allow_none=True)
    orders = fields.List(fields.Nested(OrderAnswer), required=True)
    events = fields.List(fields.Nested(EventAnswer), required=True)


class ContributionAnswer(Open):
    value = fields.Float(required=True)
    weight = fields.Float(required=True)
    points = fields.Float(required=True)


class CandidateAnswer(Open):
    provider = fields.Nested(NamedProviderAnswer, required=True)
    score = fields.Float(required=True)
    contributions = fields.Dict(keys=fields.String(), values=fields.Nested(ContributionAnswer), required=True)
    distance_km = fields.Float(required=True, allow_none=True)
    reason = fields.String(required=True)


class StandingAnswer(CandidateAnswer):
    place = fields.Integer(required=True, allow_none=True)
    lacking = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


class NearestMissAnswer(Open):
    provider = fields.Nested(NamedProviderAnswer, required=True)
    lacking = fields.String(required=True)


class WeightsNameAnswer(Open):
    name = fields.String(required=True)
    version = fields.Integer(required=True)


class CandidatesAnswer(Open):
    candidates = fields.List(fields.Nested(CandidateAnswer), required=True)
    eligible = fields.Integer(required=True, allow_none=True)
    excluded = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    excluded_labels = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    weights = fields.Nested(WeightsNameAnswer, required=True)
    why = fields.Nested(StandingAnswer, required=True, allow_none=True)
    nearest_misses = fields.Dict(keys=fields.String(), values=fields.Nested(NearestMissAnswer), required=True)


class RankingAnswer(CandidatesAnswer):
    understanding = fields.Nested(UnderstandingAnswer, required=True)


class NeedCountsAnswer(Open):
    new = fields.Integer(required=True)
    unmatched = fields.Integer(required=True)
    by_hand = fields.Integer(required=True)
    offered = fields.Integer(required=True)
    in_hand = fields.Integer(required=True)
    suspended = fields.Integer(required=True)
    near_due = fields.Integer(required=True)
    overdue = fields.Integer(required=True)
    to_review = fields.Integer(required=True)


class DeadlineRuleAnswer(Open):
    stage = fields.String(required=True)
    minutes = fields.Integer(required=True, allow_none=True)
    days = fields.Integer(required=True, allow_none=True)
    working = fields.Boolean(required=True)
    urgency = fields.Integer(required=True, allow_none=True)
    service = fields.String(required=True, allow_none=True)
    group = fields.String(required=True, allow_none=True)
    region = fields.String(required=True, allow_none=True)


class HoursAnswer(Open):
    start = fields.String(required=True, data_key="from")
    end = fields.String(required=True, data_key="to")


class TimetableAnswer(Open):
    """Written back as it was read, with the version and a reason, it changes nothing but the version."""

    version = fields.Integer(required=True)
    rules = fields.List(fields.Nested(DeadlineRuleAnswer), required=True)
    hours = fields.Nested(HoursAnswer, required=True)
    holidays = fields.List(fields.String(), required=True)
    workdays = fields.List(fields.String(), required=True)
    stages = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    changed_at = fields.AwareDateTime(required=True)
    changed_by = fields.String(required=True)
    reason = fields.String(required=True)


class AppliesToAnswer(Open):
    group = fields.String(required=True, allow_none=True)
    region = fields.String(required=True, allow_none=True)


class WeightsAnswer(WeightsNameAnswer):
    criteria = fields.Dict(keys=fields.String(), values=fields.Float(), required=True)
    labels = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    changed_at = fields.AwareDateTime(required=True)
    changed_by = fields.String(required=True)
    reason = fields.String(required=True)
    applies_to = fields.Nested(AppliesToAnswer, required=True, allow_none=True)


class ModelVersionAnswer(Open):
    version = fields.Integer(required=True)
    name = fields.String(required=True)
    made_at = fields.AwareDateTime(required=True)
    made_by = fields.String(required=True)
    examples = fields.Integer(required=True)
    learned_until = fields.AwareDateTime(required=True, allow_none=True)
    note = fields.String(required=True)
    report = fields.Dict(required=True, allow_none=True)


class ModelsAnswer(Open):
    in_use = fields.Integer(required=True)
    before = fields.List(fields.Integer(), required=True)
    changed_at = fields.AwareDateTime(required=True, allow_none=True)
    changed_by = fields.String(required=True)
    versions = fields.List(fields.Nested(ModelVersionAnswer), required=True)


class ServiceItemAnswer(Open):
    code = fields.String(required=True)
    name = fields.String(required=True)
    group = fields.String(required=True)
    group_name = fields.String(required=True)
    covers = fields.String(required=True)
    excludes = fields.String(required=True)
    skills = fields.List(fields.String(), required=True)
    examples = fields.List(fields.String(), required=True)
    credential = fields.String(required=True)
    who = fields.List(fields.String(), required=True)
    urgency = fields.Integer(required=True)
    people = fields.Integer(required=True)


class RegionAnswer(Open):
    code = fields.String(required=True)
    name = fields.String(required=True)
    level = fields.String(required=True)
    parent = fields.String(required=True, allow_none=True)
    point = fields.Nested(PointAnswer, required=True, allow_none=True)
    approximate = fields.Boolean(required=True)


class NoticeAnswer(Open):
    id = fields.String(required=True)
    seq = fields.Integer(required=True)
    at = fields.AwareDateTime(required=True)
    kind = fields.String(required=True)
    label = fields.String(required=True)
    title = fields.String(required=True)
    text = fields.String(required=True)
    need_id = fields.String(required=True, allow_none=True)
    order_id = fields.String(required=True, allow_none=True)
    whistle_id = fields.String(required=True, allow_none=True)
    urgency = fields.Integer(required=True)
    read_at = fields.AwareDateTime(required=True, allow_none=True)


class ReadCountAnswer(Open):
    read = fields.Integer(required=True)


class QuietHoursAnswer(Open):
    start = fields.String(required=True, data_key="from")
    end = fields.String(required=True, data_key="to")


class WebhookAnswer(Open):
    id = fields.String(required=True)
    url = fields.String(required=True)
    created_at = fields.AwareDateTime(required=True)
    failing_since = fields.AwareDateTime(required=True, allow_none=True)
    disabled_at = fields.AwareDateTime(required=True, allow_none=True)


class NewWebhookAnswer(WebhookAnswer):
    secret = fields.String(required=True)


class HealthAnswer(Open):
    status = fields.String(required=True)


class ReadyAnswer(HealthAnswer):
    providers = fields.Integer(required=True)
    worker = fields.Integer(required=True, allow_none=True, metadata={"description": "多个工作进程共用一个端口时的编号"})
    state = fields.String(required=True, metadata={"description": "following 跟随变更流；rebuilding 旧的在用，新的正在装载"})
    behind_seconds = fields.Float(required=True, metadata={"description": "所知最新变更距今的秒数"})
    changes = fields.Integer(required=True, metadata={"description": "启动以来跟上的变更数"})
    compared_at = fields.AwareDateTime(required=True, allow_none=True, metadata={"description": "最近一次与数据库逐行核对的时刻"})
    mended = fields.Integer(required=True, metadata={"description": "那次核对改正了几行"})
    model_version = fields.String(required=True)


class ProblemAnswer(Open):
    type = fields.String(required=True)
    status = fields.Integer(required=True)
    code = fields.String(required=True)
    detail = fields.String(required=True)
    request_id = fields.String(required=True)
    fields_ = fields.Dict(data_key="fields", keys=fields.String(), values=fields.List(fields.String()))
    present_status = fields.String()
    present_version = fields.Integer()
    rule = fields.String()
    regions = fields.List(fields.String())
    load_ = fields.Integer(data_key="load")
    capacity = fields.Integer()


@cache
def page_of(item: type[Open]) -> type[Open]:
    """The shape of a list of these: one class an item, since the API's description names shapes by class."""
    return type(
        f"{item.__name__.removesuffix('Answer')}Page",
        (Open,),
        {"items": fields.List(fields.Nested(item), required=True), "next": fields.String(required=True, allow_none=True)},
    )
