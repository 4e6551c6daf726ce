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


class LoggedAnswer(EventAnswer):
    subject = fields.String(required=True)
    need_id = fields.String(required=True, allow_none=True)


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
