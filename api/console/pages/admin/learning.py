"""学习的建议: what the answers of providers suggest, with the evidence; an administrator takes it or leaves it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from weakref import WeakKeyDictionary

from api.console.pages.admin.profiles import ONE
from api.console.routing import PAGES, Page, Shown, Visit
from api.routing import ADMINS
from api.views.tuning import learn_report_view
from matcher.dispatch.desk import Desk
from matcher.ranking.criteria import CRITERIA
from matcher.tuning.proposal import MINIMUM_LABELS
from matcher.tuning.trials import LearnReport, Span

READ = 5_000


@dataclass(frozen=True, slots=True)
class Lesson:
    report: LearnReport
    at: datetime


# Learning takes a core for up to minutes: what this worker found stands until the weights change or somebody asks anew.
# By profile and by the region whose decisions were read.
LESSONS: WeakKeyDictionary[Desk, dict[tuple[str, str | None], Lesson]] = WeakKeyDictionary()


async def lesson_of(visit: Visit, name: str) -> Lesson | None:
    """None where nothing was learned yet from the weights that count at present."""
    weights = await visit.desk.weights.get(name)
    found = LESSONS.get(visit.desk, {}).get((name, visit.who.scope))
    return found if found and found.report.weights.version == weights.version else None


@PAGES.add("GET", ONE + "/learn", access=ADMINS)
async def learn_page(visit: Visit) -> Shown:
    """At once: what is known already, or that it takes a while; a browser with scripts then asks for the rest by itself."""
    name = visit.path("name")
    return lesson_page(name, await lesson_of(visit, name))


@PAGES.add("GET", ONE + "/learned", access=ADMINS)
async def learned(visit: Visit) -> Shown:
    name = visit.path("name")
    report = await visit.desk.trials.learn(visit.who, name, Span(None, READ))
    lesson = Lesson(report, visit.desk.context.now())
    LESSONS.setdefault(visit.desk, {})[name, visit.who.scope] = lesson
    return lesson_page(name, lesson)


def lesson_page(name: str, lesson: Lesson | None) -> Page:
    context: dict[str, Any] = {"name": name, "lesson": lesson}
    if lesson is not None:
        view = learn_report_view(lesson.report)
        context |= {
            "version": lesson.report.weights.version,
            "learned": view,
            "tried": view["proposal"]["preview"] if view["proposal"] else None,
            "criteria": list(CRITERIA.values()),
            "wanted": [
                (MINIMUM_LABELS[code], least, least - view["missing"].get(code, 0)) for code, least in view["minimum"].items()
            ],
        }
    return Page("admin/weights/learn.html", context, fragment="admin/weights/learned.html")
