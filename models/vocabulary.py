"""The fixed words of the field and their Chinese labels."""

from enum import StrEnum


class Role(StrEnum):
    RESIDENT = "resident"
    VOLUNTEER = "volunteer"
    SOCIAL_WORKER = "social_worker"
    ORGANISATION = "organisation"
    COMMUNITY = "community"
    STREET = "street"
    ADMIN = "admin"


class ProviderKind(StrEnum):
    VOLUNTEER = "volunteer"
    SOCIAL_WORKER = "social_worker"
    ORGANISATION = "organisation"


class OrganisationType(StrEnum):
    SOCIAL_ORGANISATION = "social_organisation"
    PARTY_UNIT = "party_unit"
    DEPARTMENT = "department"
    ENTERPRISE = "enterprise"
    CHARITY = "charity"


class Credential(StrEnum):
    """社会工作者职业资格, lowest first: the order of the members is the order of rank."""

    NONE = "none"
    ASSISTANT = "assistant"
    INTERMEDIATE = "intermediate"
    SENIOR = "senior"

    @property
    def rank(self) -> int:
        return list(Credential).index(self)


class Channel(StrEnum):
    RESIDENT = "resident"
    COMMUNITY = "community"
    HOTLINE = "hotline"
    PATROL = "patrol"


class RegionLevel(StrEnum):
    PROVINCE = "province"
    CITY = "city"
    DISTRICT = "district"
    STREET = "street"
    COMMUNITY = "community"
    GRID = "grid"


PROVIDER_ROLES = frozenset({Role.VOLUNTEER, Role.SOCIAL_WORKER, Role.ORGANISATION})
OVERSEER_ROLES = frozenset({Role.COMMUNITY, Role.STREET, Role.ADMIN})

# By vocabulary first: words of different vocabularies may be the same text, and a str enum is equal to its text.
LABELS: dict[type[StrEnum], dict[str, str]] = {
    Role: {
        Role.RESIDENT: "居民",
        Role.VOLUNTEER: "志愿者",
        Role.SOCIAL_WORKER: "社工",
        Role.ORGANISATION: "组织",
        Role.COMMUNITY: "社区",
        Role.STREET: "街道",
        Role.ADMIN: "管理员",
    },
    ProviderKind: {
        ProviderKind.VOLUNTEER: "志愿者",
        ProviderKind.SOCIAL_WORKER: "社工",
        ProviderKind.ORGANISATION: "组织",
    },
    OrganisationType: {
        OrganisationType.SOCIAL_ORGANISATION: "社会组织",
        OrganisationType.PARTY_UNIT: "党组织单位",
        OrganisationType.DEPARTMENT: "职能部门",
        OrganisationType.ENTERPRISE: "企业",
        OrganisationType.CHARITY: "慈善组织",
    },
    Credential: {
        Credential.NONE: "无",
        Credential.ASSISTANT: "助理社会工作师",
        Credential.INTERMEDIATE: "社会工作师",
        Credential.SENIOR: "高级社会工作师",
    },
    Channel: {
        Channel.RESIDENT: "居民点单",
        Channel.COMMUNITY: "社区代录",
        Channel.HOTLINE: "热线转入",
        Channel.PATROL: "巡查发现",
    },
    RegionLevel: {
        RegionLevel.PROVINCE: "省",
        RegionLevel.CITY: "市",
        RegionLevel.DISTRICT: "区县",
        RegionLevel.STREET: "街道",
        RegionLevel.COMMUNITY: "社区",
        RegionLevel.GRID: "网格",
    },
}


def label(term: StrEnum) -> str:
    """The Chinese word for a term."""
    return LABELS[type(term)][term]


URGENCY_LABELS = {1: "不急", 2: "一般", 3: "尽快", 4: "紧急"}
