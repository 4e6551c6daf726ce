"""The demo city's needs: most are over and judged, some are in hand, and those that wait have their clocks: some nearly due, one overdue."""

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from matcher.catalogue import Catalogue
from matcher.dispatch.clocks.deadlines import Clocks
from matcher.understanding.understander import Stated, Understander
from models.account import SYSTEM
from models.dispatching import CONFIRMED_BY_SILENCE
from models.need import Need
from models.place import Regions
from models.provider import Contact, Provider, ProviderSummary
from models.understanding import Understanding
from models.vocabulary import Channel, RegionLevel
from seed.lives import Life, posted_so_that
from seed.people import MADE_AT, demo_id
from seed.sources import DEMO_DISTRICTS, pairs

# Of the needs that are no emergencies every fifth still waits; of the others so many are being worked on or were just completed.
WAITING_EACH, IN_HAND, JUST_DONE = 5, 14, 6
RECENT = IN_HAND + JUST_DONE
MOST_URGENT_WAITING = 2
MOST_NEARLY = 5
# How much of the time to respond is over for those that wait: the last of them are nearly due, and one is overdue.
NEARLY, OVER = 0.85, 1.2
LEAST_SPENT, MOST_SPENT = 0.05, 0.6
DAYS = 60
# Shares of those that are over: handed back once, done again once, too late, and confirmed without a word.
HANDED_BACK, REDONE, LATE, SILENT = 0.06, 0.05, 0.06, 0.1
A_MOMENT, A_WHILE, ONE_DAY = timedelta(minutes=5), timedelta(hours=5), timedelta(days=1)
# Longer than ten working days with a holiday among them.
LONG_WAIT = timedelta(days=22)
# So many come from the grids of the first community, which is the one that the demo's account oversees.
IN_SIGHT = 0.15
PRESSING_IN_SIGHT = 3
# Ids sort by the order of posting, as the store's own do, and stay the same whenever the city is loaded.
STEP = timedelta(minutes=47)

Found = Mapping[str, list[Provider]]


class DemoNeeds:
    """`lives` are what is to be stored, oldest first; the same words, places and people each time, counted back from `at`."""

    def __init__(self, understander: Understander, catalogue: Catalogue, clocks: Clocks, regions: Regions, at: datetime) -> None:
        self._understander, self._catalogue, self._clocks, self._at = understander, catalogue, clocks, at
        self._dice = random.Random("sandan demo needs")  # noqa: S311 - invented needs, not secrets
        self._homes = [each for each in regions if each.level == RegionLevel.COMMUNITY and each.code[:6] in DEMO_DISTRICTS]
        self._near = regions.children(self._homes[0].code)

    def lives(self, people: Found) -> list[Life]:
        """`people` by the code of what they do best."""
        needs = [self._need(number, row[4]) for number, row in enumerate(pairs("demo/needs.tsv"))]
        waiting = [
            need for number, need in enumerate(needs) if number % WAITING_EACH == 0 and need.urgency <= MOST_URGENT_WAITING
        ]
        others = [need for need in needs if need not in waiting]
        calm = [need for need in others if need.urgency <= MOST_URGENT_WAITING][-RECENT:]
        # The slowest clocks began first.
        in_turn = [*(need for need in others if need not in calm), *calm, *sorted(waiting, key=lambda need: need.urgency)]
        numbered = [replace(need, id=demo_id(need.id, MADE_AT + STEP * place)) for place, need in enumerate(in_turn)]
        return [*self._past(numbered[: len(others)], people), *self._waiting(numbered[len(others) :])]

    def _need(self, number: int, text: str) -> Need:
        posted_at = MADE_AT + STEP * number
        understanding = self._understander.understand(text, Stated(), posted_at)
        return Need(
            id=f"need-{number}",
            text=text,
            region=self._dice.choice(self._near if self._dice.random() < IN_SIGHT else self._homes).code,
            point=None,
            contact=Contact(),
            channel=self._dice.choice((Channel.RESIDENT, Channel.COMMUNITY, Channel.HOTLINE, Channel.PATROL)),
            posted_by=SYSTEM.account_id,
            understanding=understanding,
            people=understanding.people,
            posted_at=posted_at,
            changed_at=posted_at,
        )

    def _waiting(self, needs: list[Need]) -> list[Life]:
        """The oldest is overdue, the next are nearly due, and so on to the newest. The first of them are the demo account's to see."""
        lives = []
        for place, need in enumerate(needs):
            fresh = LEAST_SPENT + (MOST_SPENT - LEAST_SPENT) * (1 - place / len(needs))
            share = OVER if place == 0 else NEARLY if place <= MOST_NEARLY else fresh
            if place < PRESSING_IN_SIGHT:
                need = replace(need, region=self._near[place % len(self._near)].code)
            posted_at = posted_so_that(self._clocks, need, self._catalogue, self._at, share)
            lives.append(self._life(need, posted_at))
        return lives

    def _past(self, needs: list[Need], people: Found) -> list[Life]:
        """Posted evenly over the last days; the newest, one an hour, are in hand, those before them just completed, the others judged."""
        lives = []
        for place, need in enumerate(needs):
            left = len(needs) - place
            ago = timedelta(hours=left + 2) if left <= RECENT else timedelta(days=1) + timedelta(days=DAYS) * (left / len(needs))
            posted_at = self._at - ago
            life = self._life(self._for_one(need), posted_at)
            able = people.get(need.understanding.services[0].code) or people[""]
            chosen = self._dice.sample(able, k=min(2, len(able)))
            first, second = (ProviderSummary(each.kind, each.id, each.name) for each in (chosen[0], chosen[-1]))
            if left > RECENT:
                posted_at = self._troubles(life, first, second, posted_at)
            self._live(life, second, posted_at, left)
            lives.append(life)
        return lives

    def _troubles(self, life: Life, first: ProviderSummary, second: ProviderSummary, posted_at: datetime) -> datetime:
        """What goes before the good end of some: one who cannot come after all, work that did not last, a long wait. The instant from
        which all goes well."""
        trouble, at = self._dice.random(), posted_at
        old = self._at - posted_at > LONG_WAIT + ONE_DAY
        if trouble < HANDED_BACK and first != second:
            life.offered(first, at + A_MOMENT).accepted(at + 2 * A_MOMENT).handed_back(at + A_WHILE)
            return at + A_WHILE
        if trouble < HANDED_BACK + REDONE and first != second:
            life.offered(first, at + A_MOMENT).accepted(at + 2 * A_MOMENT).started(at + A_WHILE).completed(at + 2 * A_WHILE)
            life.judged(self._dice.choice((1, 2)), at + 3 * A_WHILE, resolved=False)
            return at + 3 * A_WHILE
        return at + LONG_WAIT if trouble > 1 - LATE and old else at

    def _live(self, life: Life, provider: ProviderSummary, posted_at: datetime, left: int) -> None:
        minutes = [timedelta(minutes=self._dice.randint(low, high)) for low, high in ((1, 5), (3, 20), (10, 60), (20, 90))]
        life.offered(provider, posted_at + minutes[0]).accepted(posted_at + sum(minutes[:2], timedelta()))
        if left <= IN_HAND // 2:
            return
        life.started(posted_at + sum(minutes[:3], timedelta()))
        if left <= IN_HAND:
            return
        ended_at = posted_at + sum(minutes, timedelta())
        life.completed(ended_at)
        if left <= RECENT:
            return
        if self._dice.random() < SILENT and ended_at + CONFIRMED_BY_SILENCE <= self._at:
            life.confirmed(ended_at + CONFIRMED_BY_SILENCE)
            return
        score = self._dice.choices((5, 4, 3, 2, 1), weights=(56, 27, 10, 5, 2))[0]
        life.judged(score, min(self._at, ended_at + timedelta(hours=self._dice.randint(1, 40))))

    def _for_one(self, need: Need) -> Need:
        """What is over took one helper: the past of several would say nothing more."""
        understood: Understanding = replace(need.understanding, people=1)
        return replace(need, people=1, understanding=understood)

    def _life(self, need: Need, posted_at: datetime) -> Life:
        return Life(replace(need, posted_at=posted_at, changed_at=posted_at), self._clocks, self._catalogue)
