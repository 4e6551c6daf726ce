"""需求: what a resident asks for, what was understood, and how far it has come."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from models.account import Principal, ProviderRef
from models.clock import Due, Stage, with_met
from models.dispatching import MOST_REDONE, MOST_REFUSALS, Dispatching, Handling, Owner, Suspension
from models.errors import PlacesTakenError, TransitionNotAllowedError
from models.need_states import FINAL, NEED_TRANSITIONS
from models.need_states import NEED_ACTION_LABELS as NEED_ACTION_LABELS
from models.need_states import NEED_STATUS_LABELS as NEED_STATUS_LABELS
from models.need_states import NeedAction as NeedAction
from models.need_states import NeedStatus as NeedStatus
from models.place import Point
from models.provider import Contact
from models.schedule import Window
from models.understanding import Constraints, Understanding
from models.vocabulary import Channel, Role

NO_CONTACT = Contact()


@dataclass(frozen=True, slots=True)
class Evaluation:
    """效由民评: the three questions, a score from 1 to 5, and who answered."""

    responded: bool
    resolved: bool
    satisfied: bool
    score: int
    comment: str
    by: str
    by_role: Role
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """`people` places are to be filled; the tallies count this round's orders and decide its status.

    A round ends with 重办 (`redone` counts these); `refused` counts declines, expiries and hand-backs of the round.
    `unmatched` says, for each rule, how many providers it kept out when nobody could be asked.
    `revision` grows by one with each change and is what concurrent writers are told apart by. `resident_keys` are what the same
    resident's needs have in common.
    `merged_into` is the need that this one tells of again; `merged` are those that tell of this one.
    `number` is what people say and type for it; only what was kept by an older version may have none.
    `due` holds this round's own clocks; `near_at` and `due_at` are the earliest of all that run for it, its orders' included, None
    where none runs. `escalated_to` is the code of the highest region that was called, empty for the administrators.
    """

    id: str
    text: str
    region: str
    point: Point | None
    contact: Contact
    channel: Channel
    posted_by: str
    understanding: Understanding
    number: str = ""
    status: NeedStatus = NeedStatus.OPEN
    people: int = 1
    offers_open: int = 0
    taken: int = 0
    started: int = 0
    done: int = 0
    declined_by: tuple[str, ...] = ()
    round: int = 1
    redone: int = 0
    refused: int = 0
    dispatching: Dispatching | None = None
    unmatched: Mapping[str, int] | None = None
    owner: Owner | None = None
    suspension: Suspension | None = None
    handling: Handling | None = None
    confirmed_at: datetime | None = None
    closing_reason: str = ""
    evaluation: Evaluation | None = None
    resident_keys: tuple[str, ...] = ()
    merged_into: str | None = None
    merged: tuple[str, ...] = ()
    due: Due = field(default_factory=dict)
    near_at: datetime | None = None
    due_at: datetime | None = None
    escalated_to: str | None = None
    revision: int = 1
    posted_at: datetime
    changed_at: datetime

    @property
    def urgency(self) -> int:
        return self.understanding.urgency

    @property
    def window(self) -> Window | None:
        return self.understanding.window

    @property
    def constraints(self) -> Constraints:
        return self.understanding.constraints

    @property
    def places_left(self) -> int:
        return 0 if self.handling else self.people - self.taken

    @property
    def worn_out(self) -> bool:
        """Enough have said no: a person must take over."""
        return self.refused >= MOST_REFUSALS

    @property
    def is_done(self) -> bool:
        return self.handling is not None or (self.taken > 0 and self.done == self.taken and not self.offers_open)

    def require(self, action: NeedAction) -> None:
        if self.status not in NEED_TRANSITIONS[action]:
            raise TransitionNotAllowedError(
                f"需求目前是“{NEED_STATUS_LABELS[self.status]}”，不能{NEED_ACTION_LABELS[action]}", present_status=self.status
            )

    def settled(self) -> "Need":
        """The same need with the status that its tallies mean."""
        return self if self.status in FINAL else replace(self, status=self._standing())

    def _standing(self) -> NeedStatus:
        if self.suspension:
            return NeedStatus.SUSPENDED
        if self.is_done:
            return NeedStatus.CONFIRMED if self.confirmed_at else NeedStatus.COMPLETED
        if self.started:
            return NeedStatus.IN_PROGRESS
        if self.taken == self.people:
            return NeedStatus.ACCEPTED
        if self.offers_open:
            return NeedStatus.OFFERED
        if self.owner:
            return NeedStatus.BY_HAND
        return NeedStatus.OPEN if self.unmatched is None else NeedStatus.UNMATCHED

    def offered(self) -> "Need":
        self.require(NeedAction.OFFER)
        if not self.places_left:
            raise PlacesTakenError(f"需要的 {self.people} 人已经齐了，不用再派单", present_status=self.status)
        return replace(self, offers_open=self.offers_open + 1, unmatched=None).settled()

    def accepted(self) -> "Need":
        """One place is taken; with the last one every other open offer of this need is void."""
        if not self.places_left:
            raise PlacesTakenError("这一单已被他人接走", present_status=self.status)
        self.require(NeedAction.ACCEPT)
        taken = self.taken + 1
        return replace(self, taken=taken, offers_open=0 if taken == self.people else self.offers_open - 1).settled()

    def declined(self, provider: ProviderRef) -> "Need":
        self.require(NeedAction.DECLINE)
        return self._lapsed()._refused_by(provider).settled()

    def expired(self) -> "Need":
        """An offer was not answered in time."""
        self.require(NeedAction.EXPIRE)
        return replace(self._lapsed(), refused=self.refused + 1).settled()

    def handed_back(self, provider: ProviderRef, started: bool) -> "Need":
        """Who had taken a place gives it back; `started` says whether they had begun."""
        self.require(NeedAction.HAND_BACK)
        return self._vacated(started)._refused_by(provider).settled()

    def withdrawn(self, in_hand: bool, started: bool) -> "Need":
        """The community took an offer back or, with `in_hand`, a place that was taken."""
        self.require(NeedAction.WITHDRAW)
        return (self._vacated(started) if in_hand else self._lapsed()).settled()

    def _lapsed(self) -> "Need":
        return replace(self, offers_open=self.offers_open - 1)

    def _vacated(self, started: bool) -> "Need":
        return replace(self, taken=self.taken - 1, started=self.started - started)

    def _refused_by(self, provider: ProviderRef) -> "Need":
        return replace(self, refused=self.refused + 1, declined_by=(*self.declined_by, str(provider)))

    def begun(self) -> "Need":
        self.require(NeedAction.START)
        return replace(self, started=self.started + 1).settled()

    def finished(self) -> "Need":
        self.require(NeedAction.COMPLETE)
        return replace(self, done=self.done + 1).settled()

    def confirmed(self, at: datetime) -> "Need":
        self.require(NeedAction.CONFIRM)
        return replace(self, confirmed_at=at).settled()

    def evaluated(self, evaluation: Evaluation) -> "Need":
        self.require(NeedAction.EVALUATE)
        return replace(self, evaluation=evaluation, status=NeedStatus.EVALUATED)

    @property
    def place_in_review(self) -> str:
        """Where it stands in the review queue, and in any list by urgency, as the cursor of a page."""
        return f"{self.urgency}:{self.id}"

    @property
    def is_content(self) -> bool:
        """The resident has said that it is resolved and that they are satisfied."""
        judged = self.evaluation
        return self.status == NeedStatus.EVALUATED and judged is not None and judged.resolved and judged.satisfied

    def require_reopening(self) -> None:
        self.require(NeedAction.REOPEN)
        if self.is_content:
            raise TransitionNotAllowedError("评价为已解决并且满意，不用重办", present_status=self.status)

    @property
    def redone_enough(self) -> bool:
        """Done again as often as providers are asked to: the next time a person answers for it."""
        return self.redone >= MOST_REDONE

    def reopened(self, owner: Owner | None) -> "Need":
        """重办: a new round from nothing. `owner` takes it at once when it has been redone enough."""
        self.require_reopening()
        plan = replace(self.dispatching, asked=0, queue=(), listed=False, closes_at=None) if self.dispatching else None
        return replace(
            self,
            status=NeedStatus.OPEN,
            round=self.round + 1,
            redone=min(self.redone + 1, MOST_REDONE),
            offers_open=0,
            taken=0,
            started=0,
            done=0,
            refused=0,
            declined_by=(),
            dispatching=None if owner else plan,
            unmatched=None,
            owner=owner,
            handling=None,
            confirmed_at=None,
            escalated_to=None,
        ).settled()

    def found_nobody(self, excluded: Mapping[str, int]) -> "Need":
        self.require(NeedAction.UNMATCH)
        return replace(self, unmatched=dict(excluded)).settled()

    def taken_over(self, owner: Owner) -> "Need":
        """Automatic dispatch ends; the owner may still offer the need to whom they like."""
        self.require(NeedAction.TAKE_OVER)
        return replace(self, owner=owner, dispatching=None).settled()

    def handled(self, handling: Handling) -> "Need":
        """The owner met the need themself; who had not finished is released."""
        self.require(NeedAction.HANDLE)
        return replace(
            self, handling=handling, dispatching=None, offers_open=0, taken=self.done, started=self.done, unmatched=None
        ).settled()

    def suspended(self, suspension: Suspension) -> "Need":
        self.require(NeedAction.SUSPEND)
        return replace(self, suspension=suspension).settled()

    def resumed(self) -> "Need":
        self.require(NeedAction.RESUME)
        return replace(self, suspension=None).settled()

    def cancelled(self, reason: str) -> "Need":
        self.require(NeedAction.CANCEL)
        return replace(
            self,
            status=NeedStatus.CANCELLED,
            closing_reason=reason,
            dispatching=None,
            suspension=None,
            offers_open=0,
            taken=self.done,
            started=self.done,
        )

    def responded(self, at: datetime) -> "Need":
        """Somebody has looked after it: the clock of the first response stops."""
        return replace(self, due=with_met(self.due, Stage.RESPOND, at))

    @property
    def place_in_due(self) -> str:
        """Where it stands among those that are due, as the cursor of a page: milliseconds and id."""
        return f"{int(self.due_at.timestamp() * 1000) if self.due_at else 0}:{self.id}"

    def touched(self, at: datetime) -> "Need":
        return replace(self, revision=self.revision + 1, changed_at=at)

    def is_owned_by(self, who: Principal) -> bool:
        return self.posted_by == who.account_id and who.role == Role.RESIDENT


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedPosting:
    """What a caller says of a need; what is None is understood from the text."""

    text: str
    region: str
    channel: Channel
    point: Point | None = None
    contact: Contact = NO_CONTACT
    urgency: int | None = None
    people: int | None = None
    window: Window | None = None
    constraints: Constraints | None = None
