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


class Gender(StrEnum):
    FEMALE = "female"
    MALE = "male"


class Language(StrEnum):
    """What a helper may be asked to speak. `dialect` is asked for where the text does not say which; any dialect meets it."""

    DIALECT = "dialect"
    WUHAN = "wuhan"
    HENAN = "henan"
    NINGBO = "ningbo"
    SHANGHAI = "shanghai"
    WENZHOU = "wenzhou"
    SICHUAN = "sichuan"
    HUNAN = "hunan"
    NORTHEASTERN = "northeastern"
    CANTONESE = "cantonese"
    HOKKIEN = "hokkien"
    HAKKA = "hakka"
    SIGN = "sign"
    ENGLISH = "english"
    JAPANESE = "japanese"
    KOREAN = "korean"
    FRENCH = "french"
    RUSSIAN = "russian"
    GERMAN = "german"
    SPANISH = "spanish"
    ARABIC = "arabic"
    VIETNAMESE = "vietnamese"
    UYGHUR = "uyghur"
    TIBETAN = "tibetan"
    MONGOLIAN = "mongolian"


class TargetGroup(StrEnum):
    """For whom a need is: the groups that services are planned by."""

    ELDER = "elder"
    CHILD = "child"
    DISABLED = "disabled"
    MATERNITY = "maternity"
    PATIENT = "patient"
    HARDSHIP = "hardship"
    VETERAN = "veteran"
    WOMAN = "woman"


class Rescue(StrEnum):
    """The public emergency numbers, in the order in which a page offers them."""

    AMBULANCE = "120"
    FIRE = "119"
    POLICE = "110"


class RegionLevel(StrEnum):
    PROVINCE = "province"
    CITY = "city"
    DISTRICT = "district"
    STREET = "street"
    COMMUNITY = "community"
    GRID = "grid"


PROVIDER_ROLES = frozenset({Role.VOLUNTEER, Role.SOCIAL_WORKER, Role.ORGANISATION})
DIALECTS = frozenset(
    {
        Language.WUHAN,
        Language.HENAN,
        Language.NINGBO,
        Language.SHANGHAI,
        Language.WENZHOU,
        Language.SICHUAN,
        Language.HUNAN,
        Language.NORTHEASTERN,
        Language.CANTONESE,
        Language.HOKKIEN,
        Language.HAKKA,
    }
)
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
    Rescue: {
        Rescue.AMBULANCE: "急救",
        Rescue.FIRE: "火警和救援",
        Rescue.POLICE: "报警",
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
    Gender: {Gender.FEMALE: "女", Gender.MALE: "男"},
    Language: {
        Language.DIALECT: "方言",
        Language.WUHAN: "武汉话",
        Language.HENAN: "河南话",
        Language.NINGBO: "宁波话",
        Language.SHANGHAI: "上海话",
        Language.WENZHOU: "温州话",
        Language.SICHUAN: "四川话",
        Language.HUNAN: "湖南话",
        Language.NORTHEASTERN: "东北话",
        Language.CANTONESE: "粤语",
        Language.HOKKIEN: "闽南语",
        Language.HAKKA: "客家话",
        Language.SIGN: "手语",
        Language.ENGLISH: "英语",
        Language.JAPANESE: "日语",
        Language.KOREAN: "韩语",
        Language.FRENCH: "法语",
        Language.RUSSIAN: "俄语",
        Language.GERMAN: "德语",
        Language.SPANISH: "西班牙语",
        Language.ARABIC: "阿拉伯语",
        Language.VIETNAMESE: "越南语",
        Language.UYGHUR: "维吾尔语",
        Language.TIBETAN: "藏语",
        Language.MONGOLIAN: "蒙古语",
    },
    TargetGroup: {
        TargetGroup.ELDER: "老年人",
        TargetGroup.CHILD: "儿童",
        TargetGroup.DISABLED: "残疾人",
        TargetGroup.MATERNITY: "孕产妇",
        TargetGroup.PATIENT: "病人",
        TargetGroup.HARDSHIP: "困难家庭",
        TargetGroup.VETERAN: "退役军人",
        TargetGroup.WOMAN: "妇女",
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
