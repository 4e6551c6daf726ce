"""Worker processes that start within a second: each is forked from this process, which has read the model already.

Reads one order a line, as JSON, and answers with the process id. All its workers end with it. Run by `tests.proofs.workers`.
"""

import asyncio
import ctypes
import json
import os
import signal
import sys
from typing import Any

from aiohttp import web
from pymongo.write_concern import WriteConcern

import models.store
import models.store.client
from api.app import make_app
from api.assembly import make_understander
from api.service import until_stopped
from api.settings import Settings
from matcher.catalogue import Catalogue
from matcher.understanding.understander import Understander
from models.store.embedded import PR_SET_PDEATHSIG
from seed.sources import catalogue_items


def be_careless() -> None:
    """Acknowledge what is only in mongod's memory: the negative control. The service has no setting for it."""
    models.store.DURABLE = models.store.client.DURABLE = WriteConcern(w=1, j=False)


async def serve(order: dict[str, Any], understander: Understander) -> None:
    settings = Settings(database=order["database"], port=order["port"], timer_seconds=0.2, login_attempts=1000)
    runner = web.AppRunner(make_app(settings, order["uri"], lambda _: understander), access_log=None, shutdown_timeout=5)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", settings.port, backlog=1024).start()
    await until_stopped()
    await runner.cleanup()


def be_worker(order: dict[str, Any], understander: Understander) -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for stream in (sys.stdout.fileno(), sys.stderr.fileno()):
        os.dup2(log, stream)
    if order["careless"]:
        be_careless()
    try:
        asyncio.run(serve(order, understander))
    finally:
        sys.stdout.flush()
        os._exit(1)


def main() -> None:
    understander = make_understander(Catalogue(catalogue_items()))
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    print("ready", flush=True)
    for line in sys.stdin:
        worker = os.fork()
        if worker == 0:
            be_worker(json.loads(line), understander)
        print(worker, flush=True)


if __name__ == "__main__":
    main()
