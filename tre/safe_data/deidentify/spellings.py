"""When a word of a note may be a name that is known: the same, one slip away, or a nickname."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

_GROUPS = """
abigail abi abbie gail; adebayo bayo ade; alexander alex alec sandy xander sasha; alexandra alex
lexi sandra sasha; alison ali; amanda mandy; andrew andy drew; angela angie; ann annie anna nan;
anthony tony ant; barbara babs barb; benjamin ben benny benji; bethany beth; catherine cathy kate
katie kitty cat; charles charlie chas chuck; charlotte charlie lottie lotte; christine chris
chrissie tina; christopher chris kit topher; daniel dan danny; david dave davey; deborah debbie
deb; dominic dom nick; donald don donny; dorothy dot dotty dolly; edward ed eddie ted ned teddy;
eleanor ellie nell nora; elizabeth liz lizzie beth betty eliza libby elsie lisa; emily em emmie
millie; emma em emmie; folasade sade fola; frances fran frankie; francis frank frankie; frederick
fred freddie; gabriel gabe; geoffrey geoff; georgina georgie gina; gerald gerry; gillian gill
jill; gregory greg; harold harry hal; harriet hattie harry; helen nell nellie; henry harry hal;
isabella bella izzy isa; jacob jake; jacqueline jackie jacqui; james jim jimmy jamie jem; jane
janey jenny; janet jan; jennifer jen jenny; jessica jess jessie; john jack johnny jon; jonathan jon
jonny; joseph joe joey jo; josephine jo josie; joshua josh; judith judy jude; julia jules; juliet
jules; katherine kate katie kathy kat kitty; kathleen kath kathy; kenneth ken kenny; kimberley kim;
laura laurie; lawrence larry laurie loz; leonard len lenny leo; louise lou; lucy lu; luke lukey;
madeleine maddie maddy; margaret maggie meg peggy marge margie greta; martin marty; mary molly
polly may; matthew matt matty; melanie mel; michael mike mick mikey micky; mohammed mo moh
muhammad; nathaniel nat nate; natalie nat; nicholas nick nicky; nicola nicky nic; oliver ollie;
olivia liv livvy; oluwaseun seun; oluwaseyi seyi; babatunde tunde; pamela pam; patricia pat trish
patsy tricia; patrick pat paddy; peter pete; philip phil pip; rachel rach; raymond ray; rebecca
becky becca bex; richard rick dick ricky rich; robert rob bob bobby robbie bert; roger rog; ronald
ron ronnie; ruth ruthie; samantha sam sammy; samuel sam sammy; sandra sandy; sarah sally sadie;
stephanie steph; stephen steve stevie; steven steve stevie; susan sue susie; terence terry tel;
theresa tess terry tessa; thomas tom tommy; timothy tim timmy; valerie val; victoria vicky tori
vic; vincent vince vinny; virginia ginny; william will bill billy willy liam; yvonne von; zachary
zac zack
"""
"""A full name and its short forms; two short forms of one name are not each other's."""

_ALSO_WORDS = frozenset(
    """
will may mark grace hope joy faith rose april june august bill rich sue pat dot art jack pip rob
ray young brown green white black king long short small good wood stone field love best day knight
price power bell bird fox wolf hill rivers brook lake moon summer winter drew nick gene frank
earnest ernest dean page mason cook baker carter hunter fisher taylor miller potter tell tel chuck
sandy dolly kitty nan max gay christian wells rice hall marsh banks harm cross
""".split()  # noqa: SIM905 - a list of a hundred words is read more easily as text
)
"""Names that are English words: only with a capital letter are they taken for a name."""

_FORGIVEN, _FORGIVEN_IN_SMALL_LETTERS = 4, 7
"""Letters that a name has at least where one slip is forgiven: 'Sue' is no slip of 'Sun'."""


def folded(word: str) -> str:
    """A word without accents, apostrophes and capitals: "O'Brién" is 'obrien'."""
    if word.isascii():
        return word.replace("'", "").casefold()
    bare = unicodedata.normalize("NFKD", word).translate({0x27: None, 0x2019: None})
    return "".join(letter for letter in bare if not unicodedata.combining(letter)).casefold()


@dataclass(frozen=True, slots=True)
class Spellings:
    """A known name, ready to be compared with words. exact: it and its nicknames, folded."""

    name: str
    exact: frozenset[str]

    def matches(self, word: str, *, is_capital: bool) -> bool:
        """Whether a folded word may be this name; is_capital: it was written with one.

        A name of four letters forgives no slip in its first one, or half of all words would do.
        """
        if word in self.exact:
            return is_capital or (len(word) > 2 and word not in _ALSO_WORDS)
        least = _FORGIVEN if is_capital else _FORGIVEN_IN_SMALL_LETTERS
        if len(self.name) < least or (len(self.name) == _FORGIVEN and word[:1] != self.name[0]):
            return False
        return within_one_edit(word, self.name)


def spellings_of(names: tuple[str, ...]) -> tuple[Spellings, ...]:
    """Every word of two or more letters in these names, once; also the parts of double names."""
    words: dict[str, None] = {}
    for name in names:
        for word in re.findall(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*", name):
            for part in (word, *re.split(r"['\u2019]", word)):
                bare = folded(part)
                if len(bare) > 1 and (part == word or len(bare) > 3):
                    words[bare] = None
    nicknames = _nicknames()
    return tuple(Spellings(word, frozenset({word, *nicknames.get(word, ())})) for word in words)


@cache
def _nicknames() -> dict[str, frozenset[str]]:
    """A full name to its short forms, and a short form to the full names that it may be for."""
    known: dict[str, set[str]] = {}
    for group in _GROUPS.split(";"):
        full, *short = group.split()
        known.setdefault(full, set()).update(short)
        for each in short:
            known.setdefault(each, set()).add(full)
    return {name: frozenset(others) for name, others in known.items()}


def within_one_edit(one: str, other: str) -> bool:
    """Whether at most one letter is added, left out, changed or swapped with the next.

    Source: Damerau (1964), A technique for computer detection and correction of spelling errors.
    """
    if abs(len(one) - len(other)) > 1:
        return False
    if len(one) > len(other):
        one, other = other, one
    at = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
    if len(one) < len(other):
        return one[at:] == other[at + 1 :]
    swapped = one[at : at + 2] == other[at : at + 2][::-1] and one[at + 2 :] == other[at + 2 :]
    return swapped or one[at + 1 :] == other[at + 1 :]
