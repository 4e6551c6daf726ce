"""What the demo's organisations are called and of which kind: by what they do, so that no repair company gives physiotherapy."""

from models.vocabulary import OrganisationType

SOCIAL, PARTY, DEPARTMENT, ENTERPRISE, CHARITY = OrganisationType
Unit = tuple[OrganisationType, str]

HEALTH_CENTRE = (DEPARTMENT, "社区卫生服务中心")
FIRE_STATION = (DEPARTMENT, "消防救援站")
POLICE = (DEPARTMENT, "派出所")
JUSTICE = (DEPARTMENT, "司法所")
MARKET = (DEPARTMENT, "市场监管所")
CITY_ORDER = (DEPARTMENT, "城管中队")
SOCIAL_WORK = (SOCIAL, "社会工作服务中心")
VOLUNTEERS = (SOCIAL, "志愿服务队")
LAW_FIRM = (ENTERPRISE, "律师事务所")
HOUSEKEEPING = (ENTERPRISE, "家政公司")
RETIRED = (PARTY, "离退休干部党支部")
OFFICE = (PARTY, "机关党支部")

BY_GROUP: dict[str, tuple[Unit, ...]] = {
    "culture": (RETIRED, VOLUNTEERS, (SOCIAL, "文体协会")),
    "elder": ((SOCIAL, "养老服务中心"), (SOCIAL, "邻里互助会"), (CHARITY, "爱心基金会")),
    "environment": (HOUSEKEEPING, VOLUNTEERS, OFFICE),
    "errand": ((SOCIAL, "便民服务社"), HOUSEKEEPING, VOLUNTEERS),
    "family": ((PARTY, "学校党支部"), (CHARITY, "助学会"), SOCIAL_WORK),
    "farming": ((SOCIAL, "农技服务社"), (ENTERPRISE, "农产品公司"), OFFICE),
    "governance": ((ENTERPRISE, "物业服务公司"), CITY_ORDER, (SOCIAL, "邻里互助会")),
    "health": (HEALTH_CENTRE, (PARTY, "医院党支部")),
    "public": (OFFICE, SOCIAL_WORK, (PARTY, "国企党支部")),
    "repair": ((ENTERPRISE, "维修公司"), (ENTERPRISE, "物业服务公司"), (SOCIAL, "便民服务社")),
    "rights": (JUSTICE, SOCIAL_WORK),
    "safety": (VOLUNTEERS, (SOCIAL, "应急救援队")),
}
BY_ITEM: dict[str, tuple[Unit, ...]] = {
    "hospice": (HEALTH_CENTRE,),
    "bathing_care": ((SOCIAL, "养老服务中心"), HEALTH_CENTRE),
    "counselling": (SOCIAL_WORK,),
    "legal_advice": (LAW_FIRM, JUSTICE),
    "correction": (JUSTICE,),
    "domestic_violence": (POLICE, SOCIAL_WORK),
    "anti_fraud": (POLICE,),
    "consumer_rights": (MARKET,),
    "fire_safety": (FIRE_STATION,),
    "emergency_rescue": (FIRE_STATION, (SOCIAL, "应急救援队")),
    "patrol": (POLICE,),
    "missing_person": (POLICE,),
    "traffic_guidance": (POLICE,),
    "donation": ((CHARITY, "慈善超市"), (CHARITY, "慈善会")),
    "hardship_relief": ((CHARITY, "慈善会"), (CHARITY, "爱心基金会")),
    "city_order": (CITY_ORDER,),
}


def units_for(item: str, group: str) -> tuple[Unit, ...]:
    """The kinds of organisation that would offer this, with the ends of their names."""
    return BY_ITEM.get(item) or BY_GROUP[group]
