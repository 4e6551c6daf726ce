"""A need's words as an example to learn from: whom to ring and which door to knock at are nobody's business there."""

import re

# One character alone stands in many words.
SHORTEST_KNOWN = 2
DIGIT = r"[\d零〇一二三四五六七八九十百幺两]"
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
HANDLE = re.compile(r"((?:微信|wx|vx|qq)号?\s*(?:是|为)?[:：]?\s*)[a-z\d_-]{5,}", re.IGNORECASE)
# 3-2-501 and 12-501; 3-5天 and 9-11点 are not.
STAIRS = re.compile(r"(?<![\d\-])\d{1,3}(?:[-－—]\d{1,2})?[-－—]\d{3,4}(?![\d\-]|\s*[元块年])")
# Mobile and landline numbers, identity cards, accounts: seven digits or more, however they are grouped or spelt.
NUMBER = re.compile(r"\+?\d(?:[\s\-－—]?\d){6,}[xX]?|[零〇一二三四五六七八九幺两]{7,}")
# 3栋2单元501室, A座, 18号楼. A floor stays: that it is the sixth says much about a need and nothing about a door; so do sixty households.
DOOR = re.compile(
    rf"(?:{DIGIT}+|[A-Za-z])\s*[-#]?\s*(?=栋|幢|座|号(?:楼|院|门|房|铺)|单元|弄|室|房间|户(?!人|居民|老人|都|家庭))"
)
STREET_NUMBER = re.compile(rf"(?<=[路街巷弄里道村])(\s*){DIGIT}+(?=\s*号)")
ROOM = re.compile(r"((?:单元|楼|栋|座|住|号|房间?)\s*(?:在|是)?\s*)\d{3,4}(?![\d元块年度米个斤])")


def masked(text: str, *known: str) -> str:
    """The words without telephone and door numbers, e-mail addresses and handles: each becomes 某…. `known` are a name and an address
    that were given beside the words: where they stand in them they go as well. Other people's names stay."""
    for each in sorted(known, key=len, reverse=True):
        if len(each) >= SHORTEST_KNOWN:
            text = text.replace(each, "某某")
    text = ADDRESS.sub("某邮箱", text)
    text = HANDLE.sub(r"\1某号", text)
    text = STAIRS.sub("某室", text)
    text = NUMBER.sub("某号码", text)
    return STREET_NUMBER.sub(r"\1某", ROOM.sub(r"\1某室", DOOR.sub("某", text)))
