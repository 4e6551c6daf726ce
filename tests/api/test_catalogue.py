"""事项清单 grows while the service runs: a new item can be chosen and ranked for at once; to be heard it waits for a model."""

from typing import Any

from api.assembly import make_understander
from models.vocabulary import Role
from tests.api.support import BODIES
from tests.conftest import FAR_COMMUNITY, Service, ServiceMaker

NEW = BODIES["NewItemShape"]
ADD = "/api/v1/catalogue"


async def test_a_new_item_can_be_chosen_and_ranked_for_and_is_not_heard_yet(service: Service) -> None:
    context = service.desk.context
    context.understander = make_understander(context.catalogue)
    before = await service.volunteer(name="以前登记的", skills=["猫狗寄养"])
    item = await service.call(Role.ADMIN, "POST", ADD, NEW, 201)
    assert (item["code"], item["version"], item["group_name"]) == (
        "pet_care",
        1,
        context.catalogue.require("plumbing").group_name,
    )
    listed = (await service.call(Role.ADMIN, "GET", "/api/v1/catalogue", expect=200))["items"]
    assert listed[-1] == item
    can = await service.volunteer(name="会喂猫的", skills=["猫狗寄养"])
    assert (can["services"][0]["code"], can["services"][0]["name"]) == ("pet_care", "照看宠物")
    assert "pet_care" not in [each["code"] for each in before["services"]]

    need = await service.need("出差几天，想找人上门喂猫")
    assert "pet_care" not in [each["code"] for each in need["understanding"]["services"]]
    meant = {"revision": need["revision"], "services": ["pet_care"]}
    await service.call(Role.COMMUNITY, "POST", f"/api/v1/needs/{need['id']}/understanding", meant, 200)
    found = await service.call(Role.COMMUNITY, "GET", f"/api/v1/needs/{need['id']}/candidates", expect=200)
    assert [each["provider"]["name"] for each in found["candidates"]] == ["会喂猫的"]
    assert "能做“照看宠物”" in found["candidates"][0]["reason"]


async def test_what_cannot_be_added_is_told_beside_the_field_and_adds_nothing(service: Service) -> None:
    async def refused(body: dict[str, Any], status: int = 422, who: Any = Role.ADMIN) -> Any:
        return (await service.call(who, "POST", ADD, NEW | body, status)).get("fields")

    assert await refused({"code": "plumbing"}) == {"code": ["已经有用这个代码的事项"]}
    assert await refused({"name": "水管龙头维修"}) == {"name": ["已经有叫这个名字的事项"]}
    assert "group" in await refused({"group": "nowhere"})
    for code in ("Pet", "宠物", "1cat", "new", "a b"):
        assert "code" in await refused({"code": code}), code
    assert "covers" in await refused({"covers": ""})
    assert await refused({}, 403, await service.account(Role.ADMIN, FAR_COMMUNITY[:6])) is None
    assert service.desk.context.catalogue.get("pet_care") is None
    assert await service.store.database["events"].count_documents({"action": "catalogue.added"}) == 0


async def test_another_worker_learns_of_a_new_item_and_both_may_change_it(make_service: ServiceMaker) -> None:
    one = await make_service()
    other = await make_service(database=one.store.database.name)
    await one.call(Role.ADMIN, "POST", ADD, NEW, 201)
    assert await other.desk.cataloguing.refresh()
    assert [item.code for item in other.desk.context.catalogue][-1] == "pet_care"
    change = {"version": 1, "name": "照看猫狗"}
    admin = await one.token(Role.ADMIN)
    assert (await other.call(admin, "PATCH", f"{ADD}/pet_care", change, 200))["version"] == 2
    await one.call(admin, "PATCH", f"{ADD}/pet_care", change, 409)
    third = await make_service(database=one.store.database.name)
    assert [item.code for item in third.desk.context.catalogue] == [item.code for item in other.desk.context.catalogue]
