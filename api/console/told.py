"""Notices as they are read: those about one thing stand together, without the words that every reader of them knows."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from api.console.routing import Visit
from models.notice import Received

# More than so many earlier ones are counted, not named.
MOST_EARLIER = 4


@dataclass(slots=True)
class Thread:
    """`latest` is what is read; `earlier` are told by name and time."""

    latest: Received
    text: str
    link: str | None
    earlier: list[Received] = field(default_factory=list)

    @property
    def is_unread(self) -> bool:
        return any(each.read_at is None for each in (self.latest, *self.earlier))

    @property
    def shown(self) -> list[Received]:
        return self.earlier[:MOST_EARLIER]


def threads(visit: Visit, found: Iterable[tuple[Received, str | None]]) -> list[Thread]:
    """Newest first, each with where it leads to. A page's own: what was told on the next one begins anew there."""
    by_subject: dict[str, Thread] = {}
    for notice, link in found:
        subject = notice.whistle_id or notice.need_id or notice.id
        if subject in by_subject:
            by_subject[subject].earlier.append(notice)
        else:
            by_subject[subject] = Thread(notice, _nearer(visit, notice.text), link)
    return list(by_subject.values())


def _nearer(visit: Visit, text: str) -> str:
    """Who oversees one place knows which."""
    scope = visit.who.scope if visit.who.is_overseer else None
    place = visit.desk.context.regions.full_name(scope) if scope else ""
    return text.replace(f"{place}，", "").replace(place, "") if place else text
