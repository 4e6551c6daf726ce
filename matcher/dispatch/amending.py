"""改点单: residents set right what they said, how they are reached and when they are in."""

from dataclasses import replace

from matcher.dispatch.advance import advance
from matcher.dispatch.case import case_of
from matcher.dispatch.context import Context, visible_need
from matcher.dispatch.ports import UnitPort
from matcher.understanding.understander import Stated
from models.account import Principal
from models.acquaintance import resident_keys
from models.amendment import Amendment, amended
from models.errors import ForbiddenError
from models.need import Need
from models.understanding import Understanding


class Amending:
    def __init__(self, context: Context) -> None:
        self._context = context

    async def amend(self, who: Principal, need_id: str, amendment: Amendment) -> Need:
        """Only the resident themself: the community corrects what was understood, not what was said. What changes nothing is not
        written."""
        context = self._context
        at = context.now()

        async def work(unit: UnitPort) -> Need:
            need = await visible_need(unit, who, need_id)
            if not need.is_owned_by(who):
                raise ForbiddenError("点单的内容由居民自己改")
            new = amendment.of(need)
            if not new.fields:
                return need

            def understand(text: str) -> Understanding:
                return context.understand(text, need.region, Stated(), at)

            case = await case_of(context, unit, need_id, at)
            after = amended(case.need, new, understand)
            case.need = replace(after, resident_keys=resident_keys(who, after.contact.phone))
            await case.happened(who, "need.amended", facts={"fields": new.fields})
            await advance(case)
            return await case.save()

        return await context.store.transact(work)
