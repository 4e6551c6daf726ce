"""Service items and regions as answers."""

from api.views.shared import View, point_view
from models.place import Region
from models.service_item import ServiceItem


def service_item_view(item: ServiceItem) -> View:
    return {
        "code": item.code,
        "name": item.name,
        "group": item.group,
        "group_name": item.group_name,
        "covers": item.covers,
        "excludes": item.excludes,
        "skills": item.skills,
        "examples": item.examples,
        "credential": item.credential,
        "who": item.who,
        "urgency": item.urgency,
        "people": item.people,
        "version": item.version,
    }


def region_view(region: Region) -> View:
    return {
        "code": region.code,
        "name": region.name,
        "level": region.level,
        "parent": region.parent,
        "point": point_view(region.point),
        "approximate": region.approximate,
    }
