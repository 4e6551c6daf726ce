"""需求: what a resident asks for, what was understood, and how far it has come."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from models.account import Principal, ProviderRef
from models.errors import PlacesTakenError, TransitionNotAllowedError
from models.place import Point
from models.provider import Contact, ServiceConfidence, Term
from models.schedule import Window
from models.vocabulary import Channel, Gender, Language, Role, TargetGroup

NO_CONTACT = Contact()


class NeedStatus(StrEnum):
    OPEN = "open"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    EVALUATED = "evaluated"
    MERGED = "merged"


NEED_STATUS_LABELS = {
    NeedStatus.OPEN: "待派单",
    NeedStatus.OFFERED: "已派单",
    NeedStatus.ACCEPTED: "已接单",
    NeedStatus.IN_PROGRESS: "服务中",
    NeedStatus.COMPLETED: "已完成",
    NeedStatus.EVALUATED: "已评价",
    NeedStatus.MERGED: "已合并",
}


class NeedAction(StrEnum):
    OFFER = "offer"
    ACCEPT = "accept"
    DECLINE = "decline"
    START = "start"
    COMPLETE = "complete"
    EVALUATE = "evaluate"
    CORRECT = "correct"
    MERGE = "merge"
    TAKE_IN = "take_in"
    UNMERGE = "unmerge"


NEED_ACTION_LABELS = {
    NeedAction.OFFER: "派单",
    NeedAction.ACCEPT: "接单",
    NeedAction.DECLINE: "拒单",
    NeedAction.START: "开始服务",
    NeedAction.COMPLETE: "完成",
    NeedAction.EVALUATE: "评价",
    NeedAction.CORRECT: "更正理解",
    NeedAction.MERGE: "合并到别的需求",
    NeedAction.TAKE_IN: "并入别的需求",
    NeedAction.UNMERGE: "撤销合并",
}

# Nothing more is to be done for these; what became of a merged one is decided by the need it was merged into.
FINISHED = frozenset({NeedStatus.COMPLETED, NeedStatus.EVALUATED, NeedStatus.MERGED})
UNFINISHED = frozenset(NeedStatus) - FINISHED

# From which statuses an action may be taken. Where it leads follows from the tallies: see Need.settled.
NEED_TRANSITIONS: dict[NeedAction, frozenset[NeedStatus]] = {
    NeedAction.OFFER: frozenset({NeedStatus.OPEN, NeedStatus.OFFERED, NeedStatus.IN_PROGRESS, NeedStatus.COMPLETED}),
    NeedAction.ACCEPT: frozenset({NeedStatus.OFFERED, NeedStatus.IN_PROGRESS}),
    NeedAction.DECLINE: frozenset({NeedStatus.OFFERED, NeedStatus.IN_PROGRESS}),
    NeedAction.START: frozenset({NeedStatus.OPEN, NeedStatus.OFFERED, NeedStatus.ACCEPTED, NeedStatus.IN_PROGRESS}),
    NeedAction.COMPLETE: frozenset({NeedStatus.IN_PROGRESS}),
    NeedAction.EVALUATE: frozenset({NeedStatus.COMPLETED}),
    NeedAction.CORRECT: UNFINISHED | {NeedStatus.COMPLETED},
    NeedAction.MERGE: frozenset({NeedStatus.OPEN}),
    NeedAction.TAKE_IN: UNFINISHED,
    NeedAction.UNMERGE: frozenset({NeedStatus.MERGED}),
}


@dataclass(frozen=True, slots=True)
class Constraints:
    """特别要求: what a helper must be or speak, besides having the skill. Each one asked for must be known to be met."""

    gender: Gender | None = None
    languages: tuple[Language, ...] = ()
    party_member: bool = False


NO_CONSTRAINTS = Constraints()


@dataclass(frozen=True, slots=True)
class PlaceMention:
    """A region named in the text, with how sure the name is. `inside` is False where it lies outside the need's own region:
    the need stays where it was posted, and a person decides."""

    code: str
    confidence: float
    inside: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """What the model had made of the words before a person corrected or confirmed it."""

    services: tuple[ServiceConfidence, ...]
    urgency: int
    people: int
    window: Window | None


@dataclass(frozen=True, slots=True)
class Understanding:
    """What the words were taken to mean, and by which model: a decision stays traceable to what made it.

    `services` holds the likeliest items, most likely first; their confidences need not sum to one. `terms` are the telling words.
    `corrected_by` is the account of the person who corrected or confirmed it, `said` what the model had said.
    """

    services: tuple[ServiceConfidence, ...]
    urgency: int
    people: int
    window: Window | None
    needs_review: bool
    model_version: str
    terms: tuple[Term, ...] = ()
    constraints: Constraints = NO_CONSTRAINTS
    for_whom: tuple[TargetGroup, ...] = ()
    places: tuple[PlaceMention, ...] = ()
    corrected_by: str | None = None
    corrected_at: datetime | None = None
    said: Reading | None = None


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
    """`people` places are to be filled; the tallies count this need's orders and decide its status.

    `revision` grows by one with each change and is what concurrent writers are told apart by. `resident_keys` are what the same
    resident's needs have in common.
    `merged_into` is the need that this one tells of again; `merged` are those that tell of this one.
    """

    id: str
    text: str
    region: str
    point: Point | None
    contact: Contact
    channel: Channel
    posted_by: str
    understanding: Understanding
    status: NeedStatus = NeedStatus.OPEN
    people: int = 1
    offers_open: int = 0
    taken: int = 0
    started: int = 0
    done: int = 0
    declined_by: tuple[str, ...] = ()
    evaluation: Evaluation | None = None
    resident_keys: tuple[str, ...] = ()
    merged_into: str | None = None
    merged: tuple[str, ...] = ()
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
        return self.people - self.taken

    def require(self, action: NeedAction) -> None:
        if self.status not in NEED_TRANSITIONS[action]:
            raise TransitionNotAllowedError(
                f"需求目前是“{NEED_STATUS_LABELS[self.status]}”，不能{NEED_ACTION_LABELS[action]}", present_status=self.status
            )

    def settled(self) -> "Need":
        """The same need with the status that its tallies mean."""
        if self.status in (NeedStatus.EVALUATED, NeedStatus.MERGED):
            return self
        if self.taken and self.done == self.taken and not self.offers_open:
            status = NeedStatus.COMPLETED
        elif self.started:
            status = NeedStatus.IN_PROGRESS
        elif self.taken == self.people:
            status = NeedStatus.ACCEPTED
        else:
            status = NeedStatus.OFFERED if self.offers_open else NeedStatus.OPEN
        return replace(self, status=status)

    def offered(self) -> "Need":
        self.require(NeedAction.OFFER)
        if not self.places_left:
            raise PlacesTakenError(f"需要的 {self.people} 人已经齐了，不用再派单", present_status=self.status)
        return replace(self, offers_open=self.offers_open + 1).settled()

    def accepted(self) -> "Need":
        """One place is taken; with the last one every other open offer of this need is void."""
        if not self.places_left:
            raise PlacesTakenError("这一单已被他人接走", present_status=self.status)
        self.require(NeedAction.ACCEPT)
        taken = self.taken + 1
        return replace(self, taken=taken, offers_open=0 if taken == self.people else self.offers_open - 1).settled()

    def declined(self, provider: ProviderRef) -> "Need":
        self.require(NeedAction.DECLINE)
        return replace(self, offers_open=self.offers_open - 1, declined_by=(*self.declined_by, str(provider))).settled()

    def begun(self) -> "Need":
        self.require(NeedAction.START)
        return replace(self, started=self.started + 1).settled()

    def finished(self) -> "Need":
        self.require(NeedAction.COMPLETE)
        return replace(self, done=self.done + 1).settled()

    def evaluated(self, evaluation: Evaluation) -> "Need":
        self.require(NeedAction.EVALUATE)
        return replace(self, evaluation=evaluation, status=NeedStatus.EVALUATED)

    @property
    def place_in_review(self) -> str:
        """Where it stands in the review queue, as the cursor of a page."""
        return f"{self.urgency}:{self.id}"

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


@dataclass(frozen=True, slots=True)
class NeedFilter:
    """`review` asks for what waits for a person to look at it: the most urgent first, and of those the oldest."""

    region: str | None = None
    status: NeedStatus | None = None
    service: str | None = None
    posted_by: str | None = None
    review: bool = False
    ids: tuple[str, ...] | None = None
