"""Wire shapes of plans."""

from models.schemas.base import Code, Many, Page, Wire


class PlanShape(Wire):
    """`needs` are ids of open needs of the region; without them all of its open needs are planned."""

    region = Code(required=True)
    needs = Many(Code(), most=5_000, least=1, load_default=None, allow_none=True)


class ApplyShape(Wire):
    """`without`: needs of the plan for which nothing is offered."""

    without = Many(Code(), most=1_000, load_default=list)


class PlanQuery(Page):
    region = Code(load_default=None)
