"""合并: one need told by several residents. The kept one is worked on, the others follow it; it can be undone until that one is finished."""

from dataclasses import replace

from models.errors import StillInUseError
from models.need import Need
from models.need_states import NeedAction, NeedStatus


def merged_into(need: Need, kept_id: str) -> Need:
    """Only a need that nobody works on: what is offered or taken must be brought to an end first."""
    if need.offers_open or need.taken:
        raise StillInUseError("这条需求还有未了结的工单，不能合并", present_status=need.status)
    if need.merged:
        raise StillInUseError("已有别的需求并入这一条，请把另一条合并到这一条", present_status=need.status)
    need.require(NeedAction.MERGE)
    return replace(need, status=NeedStatus.MERGED, merged_into=kept_id, dispatching=None, owner=None, unmatched=None)


def with_merged(kept: Need, need_id: str) -> Need:
    kept.require(NeedAction.TAKE_IN)
    return replace(kept, merged=(*kept.merged, need_id))


def unmerged(need: Need) -> Need:
    need.require(NeedAction.UNMERGE)
    return replace(need, status=NeedStatus.OPEN, merged_into=None).settled()


def without_merged(kept: Need, need_id: str) -> Need:
    """Once the kept need is finished, so are those that were merged into it."""
    kept.require(NeedAction.TAKE_IN)
    return replace(kept, merged=tuple(each for each in kept.merged if each != need_id))
