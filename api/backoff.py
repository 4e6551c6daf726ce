"""When a worker that has ended is started again, and when no more."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """Who lives for `steady_seconds` is well again: its next end is a first one. `most_unready` ends are borne of a worker that was
    never ready, `most_in_a_row` of one that was."""

    steady_seconds: float = 120.0
    first_pause: float = 0.5
    longest_pause: float = 30.0
    most_unready: int = 3
    most_in_a_row: int = 8


USUAL_PACE = Pace()


class Backoff:
    def __init__(self, pace: Pace = USUAL_PACE) -> None:
        self._pace = pace
        self.ends = 0

    def after(self, lived_seconds: float, *, was_ready: bool) -> float | None:
        """In how many seconds to start it again, twice as long each time; None: it is given up."""
        pace = self._pace
        if was_ready and lived_seconds >= pace.steady_seconds:
            self.ends = 0
        self.ends += 1
        if self.ends >= (pace.most_in_a_row if was_ready else pace.most_unready):
            return None
        return float(min(pace.longest_pause, pace.first_pause * 2 ** (self.ends - 1)))
