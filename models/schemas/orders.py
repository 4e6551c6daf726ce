"""Wire shapes of orders, and of what is done to a need as a whole."""

from typing import Any

from marshmallow import ValidationError, post_load, validates_schema

from models.dispatching import Mode, Place, TeamRole
from models.order import DECLINE_REASON_LABELS, DeclineReason, OrderStatus
from models.schemas.base import Code, Flag, Inner, Instant, Many, Page, Term, Text, Whole, Wire
from models.schemas.common import ProviderRefShape
from models.vocabulary import Credential, ProviderKind


class TeamRoleShape(Wire):
    """What is left out is not asked for; without `service` nobody's skill is asked."""

    role = Text(20, shortest=1, required=True)
    kind = Term(ProviderKind, load_default=None, allow_none=True)
    party_member = Flag(load_default=False)
    service = Code(load_default=None, allow_none=True)
    credential = Term(Credential, load_default=Credential.NONE)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> TeamRole:
        return TeamRole(name=data.pop("role"), **data)


class OfferShape(Wire):
    """Without `mode` one provider is asked and the answer is their order. Each mode reads its own fields: direct `provider` and
    `place`; sequence, open and window `providers`, `squad`, `k` and `at_most`; window `closes_at`; team `roles`."""

    mode = Term(Mode, load_default=None, allow_none=True)
    provider = Inner(ProviderRefShape, load_default=None, allow_none=True)
    place = Term(Place, load_default=None, allow_none=True)
    providers = Many(Inner(ProviderRefShape), most=50, load_default=list)
    squad = Code(load_default=None, allow_none=True)
    k = Whole(1, 50, load_default=None, allow_none=True)
    at_most = Whole(1, 100, load_default=None, allow_none=True)
    offer_minutes = Whole(1, 7 * 24 * 60, load_default=None, allow_none=True)
    closes_at = Instant(load_default=None, allow_none=True, metadata={"type": "string", "format": "date-time"})
    roles = Many(Inner(TeamRoleShape), most=5, load_default=list)
    note = Text(500, load_default="")

    @validates_schema
    def says_enough(self, data: dict[str, Any], **_: Any) -> None:
        if data["mode"] in (None, Mode.DIRECT) and data["provider"] is None:
            raise ValidationError("必须填写", "provider")
        if data["mode"] == Mode.WINDOW and data["closes_at"] is None:
            raise ValidationError("限时报名必须填写截止时间", "closes_at")
        names = [role.name for role in data["roles"]]
        if len(set(names)) < len(names):
            raise ValidationError("角色不能重名", "roles")


class RefusalShape(Wire):
    """Base of declining and handing back: a reason from the short list, or in words, or both."""

    reason = Text(500, load_default="")
    code = Term(DeclineReason, load_default=None, allow_none=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        if data["code"] is None and data["reason"]:
            data["code"] = DeclineReason.OTHER
        if data["code"] is None or (data["code"] == DeclineReason.OTHER and not data["reason"]):
            raise ValidationError("必须填写", "reason")
        data["reason"] = data["reason"] or DECLINE_REASON_LABELS[data["code"]]
        return data


class DeclineShape(RefusalShape):
    pass


class HandBackShape(RefusalShape):
    pass


class WithdrawShape(Wire):
    reason = Text(500, load_default="")


class CompleteShape(Wire):
    summary = Text(2000, shortest=1, required=True)


class OrderQuery(Page):
    mine = Flag(load_default=False)
    status = Term(OrderStatus, load_default=None)


class CancelShape(Wire):
    reason = Text(500, shortest=1, required=True)


class ReopenShape(Wire):
    reason = Text(500, shortest=1, required=True)


class SuspendShape(Wire):
    reason = Text(500, shortest=1, required=True)
    until = Instant(required=True, metadata={"type": "string", "format": "date-time"})


class TakeOverShape(Wire):
    note = Text(500, load_default="")


class HandleShape(Wire):
    summary = Text(2000, shortest=1, required=True)
