"""The service items that a community offers, and how near they are to each other."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from models.errors import InvalidInputError
from models.provider import ServiceConfidence
from models.service_item import ServiceItem

# So many items can be added while a service runs: whatever has an entry an item is made with room for them. Columns name an item by
# one byte.
ROOM_FOR_NEW, MOST_ITEMS = 32, 256
# What a provider of a related item counts for, against one of the item itself.
RELATED_CREDIT = 0.25


class Catalogue:
    """Items in a fixed order: their position is the index used by models and columns. New ones come at the end.

    `room` is how many there can ever be; `credit` has as many rows and columns.
    """

    def __init__(self, items: Iterable[ServiceItem]) -> None:
        self._take(tuple(items))
        self.room = max(len(self.items), min(len(self.items) + ROOM_FOR_NEW, MOST_ITEMS))
        self.credit = self._credits()

    def _take(self, items: tuple[ServiceItem, ...]) -> None:
        self.items = items
        self.codes = tuple(item.code for item in items)
        self.position = {code: place for place, code in enumerate(self.codes)}

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[ServiceItem]:
        return iter(self.items)

    def get(self, code: str) -> ServiceItem | None:
        place = self.position.get(code)
        return None if place is None else self.items[place]

    def name_of(self, code: str) -> str:
        """The Chinese name; the code itself for an item that has since left the catalogue."""
        item = self.get(code)
        return item.name if item else code

    def group_of(self, services: Sequence[ServiceConfidence]) -> str | None:
        """The group of the likeliest item; None where nothing was understood or the item has left the catalogue."""
        item = self.get(services[0].code) if services else None
        return item.group if item else None

    @property
    def groups(self) -> frozenset[str]:
        return frozenset(item.group for item in self.items)

    def require(self, code: str, field: str = "service") -> ServiceItem:
        item = self.get(code)
        if item is None:
            raise InvalidInputError("服务事项不存在", {field: [f"没有代码为 {code} 的服务事项"]})
        return item

    def renew(self, items: Iterable[ServiceItem]) -> bool:
        """Exchange items for those of the same codes, and put new ones behind them, as many as there is room for; whether any is
        another. Places stay: models and columns stand on them. What an item is related to counts from the next start."""
        new = {item.code: item for item in items}
        known = tuple(new.pop(item.code, item) for item in self.items)
        renewed = (*known, *new.values())[: self.room]
        changed = renewed != self.items
        if changed:
            self._take(renewed)
        return changed

    def search(self, words: str) -> list[ServiceItem]:
        """Those that have all the words somewhere in what is written of them; the ones named so first. No words find nothing."""
        wanted = words.lower().split()
        found = [item for item in self.items if all(word in _written(item) for word in wanted)] if wanted else []
        return sorted(found, key=lambda item: not all(word in item.name.lower() for word in wanted))

    def _credits(self) -> NDArray[np.float32]:
        """credit[i, j]: what being able to do item j is worth for a need of item i, in [0, 1]."""
        credit = np.eye(self.room, dtype=np.float32)
        for place, item in enumerate(self.items):
            for other in item.related:
                if other in self.position:
                    credit[place, self.position[other]] = RELATED_CREDIT
        return credit


def _written(item: ServiceItem) -> str:
    return " ".join((item.code, item.name, item.group_name, item.covers, *item.skills)).lower()
