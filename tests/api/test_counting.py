"""Among very many providers the list comes without counts; who asks for them gets them, and they are those of a scan."""

from models.store.mapping import to_document
from models.vocabulary import ProviderKind, Role
from tests import make
from tests.api.support import until
from tests.conftest import Service

PEOPLE = 60


async def test_among_very_many_the_excluded_are_counted_when_asked_for(service: Service) -> None:
    away = [make.volunteer(point=None, region="110101001001") for _ in range(20)]
    resting, full = make.volunteer(active=False), make.volunteer(load=3)
    able = [make.volunteer() for _ in range(PEOPLE - len(away) - 2)]
    people = [*away, resting, full, *able]
    await service.store.database["volunteers"].insert_many([to_document(each) for each in people])

    async def all_here() -> bool:
        return len(service.desk.context.columns) == PEOPLE

    await until(all_here)
    need = await service.need()
    address = f"/api/v1/needs/{need['id']}/candidates?limit=1"
    scanned = await service.call(Role.COMMUNITY, "GET", address, expect=200)
    assert (scanned["eligible"], scanned["excluded"]) == (len(able), {"area": len(away), "active": 1, "capacity": 1})
    service.desk.context.columns.blocks_from = PEOPLE
    short = await service.call(Role.COMMUNITY, "GET", address, expect=200)
    assert (short["eligible"], short["excluded"]) == (None, {})
    counted = await service.call(Role.COMMUNITY, "GET", f"{address}&counts=true", expect=200)
    assert counted == scanned
    assert short["candidates"] == scanned["candidates"]
    assert {each["provider"]["kind"] for each in counted["candidates"]} == {ProviderKind.VOLUNTEER}
