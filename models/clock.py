"""时限: how long each stage may take, for which needs, and when people work. Editable data: each change is a new version."""

from collections.abc import Container, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum

from models.place import lies_within
from models.whistle import USUAL_MINUTES


class Stage(StrEnum):
    """What a clock waits for."""

    RESPOND = "respond"
    SIGN = "sign"
    CONTACT = "contact"
    DONE = "done"


STAGE_LABELS = {
    Stage.RESPOND: "首次响应",
    Stage.SIGN: "接单",
    Stage.CONTACT: "联系居民",
    Stage.DONE: "办结",
}


@dataclass(frozen=True, slots=True)
class Deadline:
    """One clock. From `near_at` on a quarter of the time or less is left; `working` says that it runs in working time only.

    `told_at`, `overdue_at` and `next_at` say what has been done about it: the responsible told, overdue noted, and when it
    escalates next.
    """

    from_at: datetime
    near_at: datetime
    at: datetime
    working: bool = False
    met_at: datetime | None = None
    told_at: datetime | None = None
    overdue_at: datetime | None = None
    next_at: datetime | None = None

    @property
    def acts_at(self) -> datetime | None:
        """When something is to be done about it if it still runs then; None: never again."""
        if self.met_at is not None:
            return None
        if self.overdue_at is not None:
            return self.next_at
        return self.near_at if self.told_at is None else self.at

    def met(self, at: datetime) -> "Deadline":
        return self if self.met_at else replace(self, met_at=at, next_at=None)


Due = Mapping[Stage, Deadline]


def with_met(due: Due, stage: Stage, at: datetime) -> Due:
    """Unchanged where no such clock runs."""
    return {**due, stage: due[stage].met(at)} if stage in due else due


@dataclass(frozen=True, slots=True)
class Span:
    """`minutes`, or whole `days`; reckoned in working time or round the clock. Exactly one of the two is positive."""

    minutes: int = 0
    days: int = 0
    working: bool = False


@dataclass(frozen=True, slots=True)
class DeadlineRule:
    """Counts for the needs that fit everything it names; what is None fits all."""

    stage: Stage
    span: Span
    urgency: int | None = None
    service: str | None = None
    group: str | None = None
    region: str | None = None

    def fits(self, matter: "Matter") -> bool:
        return (
            self.urgency in (None, matter.urgency)
            and self.service in (None, matter.service)
            and self.group in (None, matter.group)
            and (self.region is None or lies_within(matter.region, self.region))
        )

    @property
    def rank(self) -> tuple[int, bool, bool, bool]:
        """A nearer region's rule wins; then one for an urgency, since life goes before trade; then for an item; then for a group."""
        return len(self.region or ""), self.urgency is not None, self.service is not None, self.group is not None


@dataclass(frozen=True, slots=True)
class Matter:
    """What of a need decides its time limits; `service` is its likeliest item."""

    urgency: int
    service: str | None
    group: str | None
    region: str


@dataclass(frozen=True, slots=True)
class DepartmentRule:
    """升级到职能部门: at the last step of escalation the organisation with this id is called for the needs that fit, and should
    report in within so many minutes."""

    department: str
    minutes: int = USUAL_MINUTES
    service: str | None = None
    group: str | None = None
    region: str | None = None

    def fits(self, matter: Matter) -> bool:
        return (
            self.service in (None, matter.service)
            and self.group in (None, matter.group)
            and (self.region is None or lies_within(matter.region, self.region))
        )

    @property
    def rank(self) -> tuple[int, bool, bool]:
        """As among time limits: a nearer region's rule wins, then one for an item, then one for a group."""
        return len(self.region or ""), self.service is not None, self.group is not None


@dataclass(frozen=True, slots=True)
class Hours:
    """The working day in local minutes from midnight."""

    start_minute: int
    end_minute: int

    @property
    def minutes(self) -> int:
        return self.end_minute - self.start_minute


@dataclass(frozen=True, slots=True, kw_only=True)
class Timetable:
    """`holidays` and `workdays` are local dates (YYYY-MM-DD) that differ from the State Council's calendar."""

    version: int
    rules: tuple[DeadlineRule, ...]
    hours: Hours
    holidays: tuple[str, ...] = ()
    workdays: tuple[str, ...] = ()
    departments: tuple[DepartmentRule, ...] = ()
    changed_at: datetime
    changed_by: str
    reason: str = ""

    def rule_for(self, stage: Stage, matter: Matter) -> DeadlineRule | None:
        """The most telling rule that fits; of equals the later in the list."""
        fitting = [(rule.rank, place) for place, rule in enumerate(self.rules) if rule.stage == stage and rule.fits(matter)]
        return self.rules[max(fitting)[1]] if fitting else None

    def department_for(self, matter: Matter) -> DepartmentRule | None:
        """Chosen as a time limit is; None where nobody has said whose matter this is."""
        fitting = [(rule.rank, place) for place, rule in enumerate(self.departments) if rule.fits(matter)]
        return self.departments[max(fitting)[1]] if fitting else None


def default_rules() -> tuple[DeadlineRule, ...]:
    """First response from 5 minutes to a day; signed in an hour; contacted in a day; done in 2 hours, 24 hours, 7 or 15 days."""
    respond = (
        DeadlineRule(Stage.RESPOND, Span(minutes=24 * 60, working=False), urgency=1),
        DeadlineRule(Stage.RESPOND, Span(minutes=4 * 60, working=True)),
        DeadlineRule(Stage.RESPOND, Span(minutes=30), urgency=3),
        DeadlineRule(Stage.RESPOND, Span(minutes=5), urgency=4),
    )
    sign = (
        DeadlineRule(Stage.SIGN, Span(minutes=60, working=True)),
        DeadlineRule(Stage.SIGN, Span(minutes=60), urgency=3),
        DeadlineRule(Stage.SIGN, Span(minutes=5), urgency=4),
    )
    contact = (
        DeadlineRule(Stage.CONTACT, Span(minutes=24 * 60)),
        DeadlineRule(Stage.CONTACT, Span(minutes=15), urgency=4),
    )
    done = (
        DeadlineRule(Stage.DONE, Span(days=7, working=True)),
        DeadlineRule(Stage.DONE, Span(days=7), urgency=3),
        DeadlineRule(Stage.DONE, Span(minutes=120), urgency=4),
        # Named for urgency 3 as well: a rule for an urgency goes before one for an item.
        *(DeadlineRule(Stage.DONE, Span(minutes=24 * 60), urgency, code) for urgency in (None, 3) for code in LIFELINES),
        *(DeadlineRule(Stage.DONE, Span(days=15, working=True), service=code) for code in COMPLEX),
    )
    return respond + sign + contact + done


# Water, power, gas and heat.
LIFELINES = ("plumbing", "electrical", "gas_heating")
# Several parties, or an authority's decision.
COMPLEX = ("property", "deliberation", "city_order", "neighbour_mediation", "hardship_relief", "housing", "employment")
DEFAULT_HOURS = Hours(8 * 60 + 30, 17 * 60 + 30)


# When the table was written that comes with the program.
MADE_AT = datetime(2026, 1, 1, tzinfo=UTC)


def default_timetable(services: Container[str], version: int = 0, at: datetime = MADE_AT, by: str = "") -> Timetable:
    """Without the rules for items that are not among `services`. Version 0 counts until the database is asked; there it is 1."""
    rules = tuple(rule for rule in default_rules() if rule.service is None or rule.service in services)
    return Timetable(version=version, rules=rules, hours=DEFAULT_HOURS, changed_at=at, changed_by=by)


@dataclass(frozen=True, slots=True)
class TimetableDraft:
    """A whole table; `version` is the one that the writer had read. `departments` None leaves them as they were."""

    version: int
    reason: str
    rules: tuple[DeadlineRule, ...]
    hours: Hours
    holidays: tuple[str, ...] = ()
    workdays: tuple[str, ...] = ()
    departments: tuple[DepartmentRule, ...] | None = None
