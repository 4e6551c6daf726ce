"""运行情况: every worker on the database and the database itself, in words and over the API."""

from datetime import timedelta
from typing import Any

from api.keys import ROLL
from models.roll import Worker
from models.schedule import now
from models.vocabulary import Role
from tests.conftest import Service, ServiceMaker
from tests.console.browsing import assert_accessible, assert_no_horizontal_scroll
from tests.console.conftest import PageAs, VisitorOf


def worker(number: int, **changes: Any) -> Worker:
    told: dict[str, Any] = {"id": f"other:{number}", "number": number, "providers": 60_000, "state": "following", "current": True}
    told |= {"behind_seconds": 0.2, "snapshot_at": now() - timedelta(hours=3), "started_at": now(), "at": now()}
    return Worker(**(told | changes))


async def test_an_administrator_reads_how_every_worker_and_the_database_are(service: Service, visitor_of: VisitorOf) -> None:
    admin = await visitor_of(Role.ADMIN)
    alone = await admin.get("/admin/running")
    assert alone.status == 200
    for words in ("运行正常", "跟得上", "人数不多", "连得上", "MongoDB 6.0", "随服务自带，只供演示和试用", "主节点"):
        assert words in alone.words, words
    assert 'href="/admin/running"' in (await admin.get("/admin")).text
    await service.store.roll.answer(worker(1))
    await service.store.roll.answer(worker(2, behind_seconds=75.0))
    await service.store.roll.answer(worker(3, state="rebuilding", snapshot_at=None))
    await service.store.roll.answer(worker(4, at=now() - timedelta(minutes=2)))
    among = await admin.get("/admin/running")
    for words in ("有地方要看一看", "第 2 个进程", "存档是 3 小时前写的", "晚 75 秒", "正在重新装载", "还没有写过", "没有消息"):
        assert words in among.words, words
    answer = await service.call(Role.ADMIN, "GET", "/api/v1/running", expect=200)
    assert [(each["worker"], each["silent"]) for each in answer["workers"]] == [
        (None, False), (1, False), (2, False), (3, False), (4, True),
    ]  # fmt: skip
    assert (answer["database"]["embedded"], len(answer["database"]["members"])) == (True, 1)
    await service.call(Role.COMMUNITY, "GET", "/api/v1/running", expect=403)


async def test_workers_on_one_database_see_each_other_and_who_ends_is_off_the_list(make_service: ServiceMaker) -> None:
    first = await make_service(worker=0)
    second = await make_service(first.store.database.name, worker=1)
    for each in (first, second):
        await each.client.app[ROLL].do_next()
    assert [each.number for each in await second.store.roll.list()] == [0, 1]
    await first.client.app[ROLL].stop()
    assert [each.number for each in await second.store.roll.list()] == [1]


async def test_it_fits_a_telephone(service: Service, page_as: PageAs) -> None:
    await service.store.roll.answer(worker(1))
    page = await page_as(Role.ADMIN, 360)
    await page.goto("/admin/running")
    await assert_no_horizontal_scroll(page)
    await assert_accessible(page)
