"""理解模型: kept in the database, switched for every worker at once, taken back, and never a reason not to serve."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from api.assembly import make_featuriser
from api.background.models import ModelFollower
from api.keys import MODEL_FOLLOWER
from matcher.catalogue import Catalogue
from matcher.tuning.model_versions import Proposal
from matcher.understanding.normalise import Normaliser
from matcher.understanding.training import train
from models.account import SYSTEM
from models.errors import InvalidInputError
from models.vocabulary import Role
from seed.sources import SHIPPED_MODEL, catalogue_items, training_needs
from tests.api.support import snapshot, until
from tests.conftest import Service, ServiceMaker

PATH = "/api/v1/models"


def trained(folder: Path, items: tuple[str, ...]) -> bytes:
    """A model of a few dozen sentences of some items."""
    featuriser = make_featuriser(Catalogue(catalogue_items()))
    needs = [each for each in training_needs() if each.codes[0] in items][::6]
    train(needs, [], items, Normaliser(), featuriser).save(folder / "model.npz")
    return (folder / "model.npz").read_bytes()


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Knows plumbing and hairdressing, and takes everything for one of them."""
    return trained(tmp_path_factory.mktemp("small"), ("plumbing", "haircut"))


async def models(service: Service) -> dict[str, Any]:
    answer: dict[str, Any] = await service.call(Role.ADMIN, "GET", PATH, expect=200)
    return answer


async def use(service: Service, version: int | str, expect: int = 200) -> Any:
    return await service.call(Role.ADMIN, "POST", f"{PATH}/{version}/use", {"reason": "试过了"}, expect)


async def running(service: Service) -> str:
    return str((await service.call(None, "GET", "/readyz", expect=200))["model_version"])


async def test_a_proposed_model_waits_until_it_is_put_to_use_and_then_reads_the_next_need(service: Service, small: bytes) -> None:
    shipped = await running(service)
    kept = await service.desk.models.propose(SYSTEM, Proposal(content=small, examples=7, report={"asked": {}}, note="试训"))
    assert await running(service) == shipped
    [told] = (await models(service))["versions"]
    assert (told["version"], told["name"], told["made_by"], told["examples"], told["note"]) == (1, kept.name, "系统", 7, "试训")
    after = await use(service, 1)
    assert (after["in_use"], after["before"], after["changed_by"]) == (1, [0], (await me(service))["name"])
    assert await running(service) == kept.name
    need = await service.need("楼道的灯不亮了")
    assert need["understanding"]["model_version"] == kept.name
    assert {each["code"] for each in need["understanding"]["services"]} <= {"plumbing", "haircut"}
    event = await service.store.database["events"].find_one({"action": "model.used"})
    assert event is not None
    assert (event["subject"], event["why"], event["facts"]) == ("model:1", "试过了", {"version": 1, "before": 0})
    await use(service, 0)
    assert await running(service) == shipped


async def me(service: Service) -> dict[str, Any]:
    answer: dict[str, Any] = await service.call(Role.ADMIN, "GET", "/api/v1/me", expect=200)
    return answer


async def test_another_worker_follows_without_a_restart_and_one_that_starts_begins_with_it(
    make_service: ServiceMaker, small: bytes
) -> None:
    first = await make_service("test_models_workers")
    second = await make_service("test_models_workers")
    kept = await first.desk.models.propose(SYSTEM, Proposal(content=small))
    follower = ModelFollower(second.desk.context, second.desk.models, every_seconds=0.05)
    await follower.start()
    try:
        await use(first, kept.id)

        async def has_switched() -> bool:
            return await running(second) == kept.name

        await until(has_switched)
    finally:
        await follower.stop()
    assert await running(await make_service("test_models_workers")) == kept.name


async def test_needs_that_come_while_the_model_is_switched_are_all_read_by_one_or_the_other(
    service: Service, small: bytes
) -> None:
    shipped = await running(service)
    kept = await service.desk.models.propose(SYSTEM, Proposal(content=small))
    await service.token(Role.RESIDENT)

    async def post() -> set[str]:
        return {(await service.need())["understanding"]["model_version"] for _ in range(6)}

    async def switch() -> set[str]:
        for version in (kept.id, 0, kept.id):
            await use(service, version)
        return set()

    found = set[str]().union(*await asyncio.gather(post(), switch(), post()))
    assert found <= {shipped, kept.name}


async def test_back_goes_down_the_trail_and_ends_with_a_clear_refusal(service: Service, small: bytes) -> None:
    versions = service.desk.models
    one, two = [await versions.propose(SYSTEM, Proposal(content=small)) for _ in range(2)]
    for version in (one.id, two.id):
        await use(service, version)
    assert ((await versions.back(SYSTEM, "变差了")).version, (await versions.back(SYSTEM, "")).version) == (one.id, 0)
    with pytest.raises(Exception, match="没有更早的模型可以退回"):
        await versions.back(SYSTEM, "")
    assert (await models(service))["in_use"] == 0


async def test_what_cannot_be_used_is_refused_and_nothing_changes(service: Service, small: bytes) -> None:
    kept = await service.desk.models.propose(SYSTEM, Proposal(content=small))
    await service.store.database["model_files.chunks"].update_one({}, {"$set": {"data": b"damaged"}})
    await service.token(Role.ADMIN)
    before = await snapshot(service.store)
    await use(service, 7, 404)
    await use(service, "x", 404)
    await use(service, "9" * 30, 404)
    assert "损坏" in (await use(service, kept.id, 422))["detail"]
    for wrong in (b"", b"no model", SHIPPED_MODEL.read_bytes()[:-100]):
        with pytest.raises(InvalidInputError):
            await service.desk.models.propose(SYSTEM, Proposal(content=wrong))
    await use(service, 0)
    assert await snapshot(service.store) == before, "to use what is in use already writes nothing"


async def test_a_model_of_items_that_are_not_in_the_catalogue_is_refused(service: Service, tmp_path: Path) -> None:
    service.desk.models._catalogue = Catalogue([each for each in catalogue_items() if each.code != "haircut"])
    with pytest.raises(InvalidInputError, match="haircut"):
        await service.desk.models.propose(SYSTEM, Proposal(content=trained(tmp_path, ("plumbing", "haircut"))))


async def test_a_stored_model_that_cannot_be_read_does_not_keep_the_service_from_starting(
    make_service: ServiceMaker, small: bytes
) -> None:
    first = await make_service("test_models_damaged")
    shipped = await running(first)
    kept = await first.desk.models.propose(SYSTEM, Proposal(content=small))
    await use(first, kept.id)
    await first.store.database["models"].update_one({"_id": kept.id}, {"$set": {"sha256": "0"}})
    second = await make_service("test_models_damaged")
    assert await running(second) == shipped
    await second.need()
    assert second.client.app[MODEL_FOLLOWER].version == 0


async def test_two_who_switch_at_once_leave_one_trail(service: Service, small: bytes) -> None:
    versions = service.desk.models
    kept = [await versions.propose(SYSTEM, Proposal(content=small)) for _ in range(3)]
    await asyncio.gather(*(versions.use(SYSTEM, each.id, "") for each in kept))
    in_use = await versions.in_use()
    assert sorted([*in_use.trail, in_use.version]) == [0, 1, 2, 3]
    assert in_use.revision == 3


async def test_two_who_propose_at_once_get_two_numbers(service: Service, small: bytes) -> None:
    kept = await asyncio.gather(*(service.desk.models.propose(SYSTEM, Proposal(content=small)) for _ in range(3)))
    assert sorted(each.id for each in kept) == [1, 2, 3]
