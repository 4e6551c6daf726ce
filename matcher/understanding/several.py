"""Where a text turns from one matter to another: "灯坏了，另外想找人陪我妈说说话"."""

import re

# Of normalised text, whose commas are ASCII. What only goes on with the same matter ("还要懂机子的") is told by the items, not here.
TURN = re.compile(
    r"[,。!?;、\n]?(?:另外|顺便|顺带|顺道|顺路|此外|对了|再就是|还有(?:就是|(?:一|个)?件|个事)|还有[,:]|还想|还要|还需要?|还请|还得|再(?=帮|请|找|给|替|叫))"
)
EDGES = " ,。!?;:"
SHORTEST_PART = 3


def parts(text: str) -> list[str]:
    """The parts between such turns, too short ones left out; a text that does not turn is one part."""
    return [part for each in TURN.split(text) if len(part := each.strip(EDGES)) >= SHORTEST_PART]
