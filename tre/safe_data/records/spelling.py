"""How a name goes wrong: a slip of the finger, a name by ear, the name that friends use."""

_NEXT_KEYS = {
    "a": "sqz", "b": "vn", "c": "xv", "d": "sf", "e": "wr", "f": "dg", "g": "fh", "h": "gj",
    "i": "uo", "j": "hk", "k": "jl", "l": "k", "m": "n", "n": "bm", "o": "ip", "p": "o",
    "q": "wa", "r": "et", "s": "ad", "t": "ry", "u": "yi", "v": "cb", "w": "qe", "x": "zc",
    "y": "tu", "z": "xa",
}  # fmt: skip
_BY_EAR = (
    ("ph", "f"), ("ck", "k"), ("ou", "u"), ("ee", "i"), ("ie", "y"), ("ei", "ai"), ("ai", "ay"),
    ("c", "k"), ("k", "c"), ("s", "z"), ("z", "s"), ("y", "i"), ("i", "y"), ("ll", "l"),
    ("nn", "n"), ("tt", "t"), ("o", "u"), ("e", "i"), ("a", "e"), ("w", "v"), ("th", "t"),
)  # fmt: skip
_NICKNAMES = {
    "abigail": "Abi", "adebayo": "Bayo", "aleksandra": "Ola", "alexander": "Alex",
    "alexandra": "Alex", "alison": "Ali", "amanda": "Mandy", "andrew": "Andy", "anthony": "Tony",
    "antonio": "Toni", "benjamin": "Ben", "bethany": "Beth", "catherine": "Kate",
    "charles": "Charlie", "charlotte": "Lottie", "christine": "Chris", "christopher": "Chris",
    "daniel": "Danny", "david": "Dave", "deborah": "Debbie", "donald": "Don", "edward": "Ed",
    "eleanor": "Ellie", "elizabeth": "Liz", "emily": "Em", "francisco": "Paco", "frederick": "Fred",
    "gabriel": "Gabe", "georgina": "Georgie", "gillian": "Gill", "gregory": "Greg",
    "isabella": "Bella", "jacqueline": "Jackie", "james": "Jim", "jennifer": "Jen",
    "jessica": "Jess", "jonathan": "Jon", "joseph": "Joe", "joshua": "Josh", "katherine": "Kate",
    "kathleen": "Kath", "kenneth": "Ken", "kimberley": "Kim", "lawrence": "Larry",
    "leonard": "Len", "luke": "Lukey", "madeleine": "Maddie", "margaret": "Maggie",
    "matthew": "Matt", "michael": "Mike", "nathaniel": "Nat", "nicholas": "Nick",
    "nicola": "Nicky", "olivia": "Liv", "oluwaseun": "Seun", "pamela": "Pam", "patricia": "Pat",
    "patrick": "Paddy", "peter": "Pete", "philip": "Phil", "rebecca": "Becky", "richard": "Rick",
    "robert": "Rob", "ronald": "Ron", "samantha": "Sam", "samuel": "Sam", "sandra": "Sandy",
    "stephen": "Steve", "steven": "Steve", "susan": "Sue", "terence": "Terry", "theresa": "Tess",
    "thomas": "Tom", "timothy": "Tim", "valerie": "Val", "victoria": "Vicky", "vincent": "Vince",
    "william": "Will", "zachary": "Zac",
}  # fmt: skip


def typed(name: str, luck: int) -> str:
    """One slip: a letter twice, left out, exchanged with the next, or the key beside it."""
    if not name:
        return name
    kind, luck = luck % 4, luck // 4
    at = luck % len(name)
    if kind == 0:
        return name[: at + 1] + name[at].lower() + name[at + 1 :]
    if kind == 1 and len(name) > 2:
        return name[:at] + name[at + 1 :]
    if kind == 2 and at + 1 < len(name):
        return name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    keys = _NEXT_KEYS.get(name[at].lower(), "e")
    return name[:at] + keys[luck % len(keys)] + name[at + 1 :]


def heard(name: str, luck: int) -> str:
    """Another spelling of the same sound, after the first letter; unchanged where none fits."""
    start = luck % len(_BY_EAR)
    for sound, other in (*_BY_EAR[start:], *_BY_EAR[:start]):
        if sound in name[1:]:
            return name[0] + name[1:].replace(sound, other, 1)
    return name


def nicknames(name: str, _luck: int) -> str:
    """The short name, where this one has one."""
    return _NICKNAMES.get(name.lower(), name)
