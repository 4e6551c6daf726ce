"""拆分: what was told in one breath is two matters. The need stays; the second matter becomes a need of its own."""

from matcher.dispatch.context import Context, visible_need
from matcher.dispatch.intake import Intake, NeedFile
from models.account import Principal
from models.errors import TransitionNotAllowedError
from models.need import NeedPosting
from models.need_states import FINISHED_NEEDS, NEED_STATUS_LABELS


class Splitting:
    def __init__(self, context: Context, intake: Intake) -> None:
        self._context, self._intake = context, intake

    async def split(self, who: Principal, need_id: str, text: str) -> NeedFile:
        """The new need, in these words: of the same resident, with the same place and contact. What was understood of the first
        one is for the caller to put right."""
        need = await visible_need(self._context.store, who, need_id)
        if need.status in FINISHED_NEEDS:
            raise TransitionNotAllowedError(
                f"需求目前是“{NEED_STATUS_LABELS[need.status]}”，不能再拆", present_status=need.status
            )
        posting = NeedPosting(text=text, region=need.region, channel=need.channel, point=need.point, contact=need.contact)
        return await self._intake.post_need(who, posting, told_with=need)
