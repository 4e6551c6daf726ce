"""How the service runs, as an answer."""

from typing import Any

from api.running import Running


def running_view(running: Running) -> dict[str, Any]:
    database = running.database
    return {
        "workers": [
            {
                "id": each.id,
                "worker": each.number,
                "providers": each.providers,
                "state": each.state,
                "current": each.current,
                "silent": each.is_silent(running.at),
                "behind_seconds": each.behind_seconds,
                "snapshot_at": each.snapshot_at,
                "started_at": each.started_at,
                "at": each.at,
            }
            for each in running.workers
        ],
        "database": {
            "version": database.version,
            "replica_set": database.replica_set,
            "answered_ms": round(database.answered_ms, 1),
            "embedded": running.embedded,
            "members": [{"address": address, "state": state} for address, state in database.members],
        },
    }
