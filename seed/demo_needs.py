"""The demo city's needs: most are over and judged, some are in hand, and those that wait have their clocks: some nearly due, one overdue."""

import random
from dataclasses import replace
from datetime import datetime, timedelta

from matcher.catalogue import Catalogue
from matcher.dispatch.clocks.deadlines import Clocks
from matcher.understanding.understander import Stated, Understander
from models.account import SYSTEM
from models.need import Need
from models.place import Regions
from models.provider import Contact
from models.understanding import Understanding
from models.vocabulary import Channel, RegionLevel
from seed.city import City
from seed.lives import Life, posted_so_that
from seed.past import RECENT, Past
from seed.people import MADE_AT, demo_id
from seed.sources import DEMO_DISTRICTS, pairs

# Of the needs that are no emergencies every fifth still waits.
WAITING_EACH = 5
MOST_URGENT_WAITING = 2
MOST_NEARLY = 5
# How much of the time to respond is over for those that wait: the last of them are nearly due, and one is overdue.
NEARLY, OVER = 0.85, 1.2
LEAST_SPENT, MOST_SPENT = 0.05, 0.6
DAYS = 60
# So many come from the grids of the first community, which is the one that the demo's account oversees.
IN_SIGHT = 0.15
PRESSING_IN_SIGHT = 3
# Ids sort by the order of posting, as the store's own do, and stay the same whenever the city is loaded.
STEP = timedelta(minutes=47)


class DemoNeeds:
    """`lives` are what is to be stored, oldest first; the same words, places and people each time, counted back from `at`."""

    def __init__(self, understander: Understander, catalogue: Catalogue, clocks: Clocks, regions: Regions, at: datetime) -> None:
        self._understander, self._catalogue, self._clocks, self._at = understander, catalogue, clocks, at
        self._dice = random.Random("sandan demo needs")  # noqa: S311 - invented needs, not secrets
        self._homes = [each for each in regions if each.level == RegionLevel.COMMUNITY and each.code[:6] in DEMO_DISTRICTS]
        self._near = regions.children(self._homes[0].code)

    def lives(self, city: City) -> list[Life]:
        needs = [self._need(number, row[4]) for number, row in enumerate(pairs("demo/needs.tsv"))]
        waiting = [
            need for number, need in enumerate(needs) if number % WAITING_EACH == 0 and need.urgency <= MOST_URGENT_WAITING
        ]
        others = [need for need in needs if need not in waiting]
        calm = [need for need in others if need.urgency <= MOST_URGENT_WAITING][-RECENT:]
        # The slowest clocks began first.
        in_turn = [*(need for need in others if need not in calm), *calm, *sorted(waiting, key=lambda need: need.urgency)]
        numbered = [replace(need, id=demo_id(need.id, MADE_AT + STEP * place)) for place, need in enumerate(in_turn)]
        return [*self._past(numbered[: len(others)], city), *self._waiting(numbered[len(others) :])]

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

    def _past(self, needs: list[Need], city: City) -> list[Life]:
        """Posted evenly over the last days; the newest, one an hour, are in hand, those before them just completed, the others judged."""
        past, lives = Past(city, self._dice, self._at), []
        for place, need in enumerate(needs):
            left = len(needs) - place
            ago = timedelta(hours=left + 2) if left <= RECENT else timedelta(days=1) + timedelta(days=DAYS) * (left / len(needs))
            life = self._life(self._for_one(need), self._at - ago)
            past.live(life, left)
            lives.append(life)
        return lives

    def _for_one(self, need: Need) -> Need:
        """What is over took one helper: the past of several would say nothing more."""
        understood: Understanding = replace(need.understanding, people=1)
        return replace(need, people=1, understanding=understood)

    def _life(self, need: Need, posted_at: datetime) -> Life:
        return Life(replace(need, posted_at=posted_at, changed_at=posted_at), self._clocks, self._catalogue)
