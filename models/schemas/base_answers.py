"""Service items, regions and the state of the service, as answers."""

from marshmallow import fields

from models.schemas.answers import Open, PointAnswer


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
    version = fields.Integer(required=True)


class RegionAnswer(Open):
    code = fields.String(required=True)
    name = fields.String(required=True)
    level = fields.String(required=True)
    parent = fields.String(required=True, allow_none=True)
    point = fields.Nested(PointAnswer, required=True, allow_none=True)
    approximate = fields.Boolean(required=True)


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


class WorkerAnswer(Open):
    """`silent`: it has said nothing for half a minute."""

    id = fields.String(required=True)
    worker = fields.Integer(required=True, allow_none=True)
    providers = fields.Integer(required=True)
    state = fields.String(required=True)
    current = fields.Boolean(required=True)
    silent = fields.Boolean(required=True)
    behind_seconds = fields.Float(required=True)
    snapshot_at = fields.AwareDateTime(required=True, allow_none=True)
    started_at = fields.AwareDateTime(required=True)
    at = fields.AwareDateTime(required=True)


class NodeAnswer(Open):
    address = fields.String(required=True)
    state = fields.String(required=True)


class DatabaseAnswer(Open):
    version = fields.String(required=True)
    replica_set = fields.String(required=True)
    answered_ms = fields.Float(required=True)
    embedded = fields.Boolean(required=True)
    members = fields.List(fields.Nested(NodeAnswer), required=True)


class RunningAnswer(Open):
    workers = fields.List(fields.Nested(WorkerAnswer), required=True)
    database = fields.Nested(DatabaseAnswer, required=True)
