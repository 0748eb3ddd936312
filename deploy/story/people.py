"""Who is in the story's groups, and how their sentences are made. Used by compose.py."""
import random
import re
from pathlib import Path

HERE = Path(__file__).resolve().parent


def lines_of(name):
    for line in (HERE / name).read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield line


class Dice:
    """Random choices that depend on nothing but random.random(), whose numbers Python promises to
    keep from version to version."""

    def __init__(self, seed):
        self.source = random.Random(seed)

    def below(self, n):
        return int(self.source.random() * n)

    def between(self, low, high):
        return low + self.source.random() * (high - low)

    def pick(self, items):
        return items[self.below(len(items))]

    def chance(self, p):
        return self.source.random() < p

    def shuffled(self, items):
        items = list(items)
        for i in range(len(items) - 1, 0, -1):
            j = self.below(i + 1)
            items[i], items[j] = items[j], items[i]
        return items

    def early(self, n):
        """An index below n, the first ones oftener: few people say most."""
        share = self.source.random()
        return int(n * share * share)


# Who is there ----------------------------------------------------------------------------------

PLACES = ["临溪", "东坊", "桐岭", "柳塘", "望湖", "白沙", "松涧", "石桥", "竹西", "云山", "荷塘", "古渡",
          "南窑", "青石", "梅坞", "沙井", "长堤", "月牙", "半山", "槐荫"]
# What a group may talk about, what the catalogue calls it, names, smallest and largest size.
KINDS = [
    ("邻", "小区邻里", ["{place}雅苑{n}栋邻里群", "{place}小区业主互助", "{place}府北区业主群",
                       "{place}里街坊群"], 180, 500),
    ("妈", "宝妈", ["{place}宝妈树洞", "{place}辣妈团{n}", "{place}育儿互助{n}群"], 90, 420),
    ("团", "团购", ["{place}阿雯团购群{n}", "{place}团长小铺", "{place}拼好物{n}群"], 150, 500),
    ("客", "门店顾客", ["{place}店会员福利{n}", "{place}生活馆顾客群"], 120, 450),
    ("司", "同事", ["{place}项目组", "行政小喇叭{n}", "{place}办公楼饭搭子"], 12, 120),
    ("家", "家人", ["相亲相爱{place}一家", "{place}老沈家", "五湖四海一家人{n}"], 8, 40),
    ("趣舞", "广场舞", ["{place}广场舞队", "{place}健身舞友{n}"], 40, 200),
    ("趣钓", "钓鱼", ["{place}钓友{n}群"], 60, 260),
    ("趣山", "徒步", ["周末爬山{n}", "{place}徒步小分队"], 50, 230),
    ("趣书", "读书", ["{place}读书会", "每月一本{n}群"], 30, 120),
    ("趣球", "球友", ["{place}球友约战{n}", "羽球打卡{n}"], 30, 160),
    ("班", "家长", ["{place}小学三{n}班家长", "{place}幼儿园大{n}班"], 38, 60),
    ("乡", "老乡", ["{place}老乡会", "{place}在外打拼群{n}"], 60, 380),
]
# How many groups of each kind, in the order above.
SHARES = [18, 13, 13, 7, 6, 7, 3, 3, 3, 3, 3, 6, 5]


class Group:
    def __init__(self, number, topics, kind, name, members):
        self.id = f"g{number:02d}"
        self.topics = topics
        self.kind = kind
        self.name = name
        self.members = members
        self.speakers = [f"u{number:02d}{i:02d}" for i in range(min(members, 60))]
        self.deck = []  # conversations not yet held here

    def channel(self):
        return {"id": self.id, "name": self.name, "members": self.members}


def make_groups(dice):
    kinds = [kind for kind, share in zip(KINDS, SHARES) for _ in range(share)]
    groups, names = [], set()
    for number, kind in enumerate(kinds[:1] + dice.shuffled(kinds[1:]), 1):
        topics, label, patterns, low, high = kind
        name = ""
        while not name or name in names:
            name = dice.pick(patterns).format(place=dice.pick(PLACES), n=1 + dice.below(9))
        names.add(name)
        members = 500 if number == 1 else low + dice.early(high - low + 1)
        groups.append(Group(number, topics, label, name, members))
    return groups


# What they say ---------------------------------------------------------------------------------

class Speech:
    """Fills the {words} of a line."""

    def __init__(self, dice, products):
        self.dice = dice
        self.words = {"品": products, "零宽": ["\u200b"]}
        for line in lines_of("words.txt"):
            name, choices = line.split("：")
            self.words[name] = choices.split()
        self.last = {}

    def fill(self, line):
        return re.sub(r"\{(.+?)\}", lambda found: self.word(found[1]), line)

    def word(self, name):
        choices = self.words[name]
        word = self.dice.pick(choices)
        while len(choices) > 1 and word == self.last.get(name):  # never the same twice running
            word = self.dice.pick(choices)
        self.last[name] = word
        return word
