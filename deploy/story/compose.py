#!/usr/bin/env python3
"""Composes the shipped story: one afternoon of 90 group chats, in which near-expiry detergent
spreads over 60 of them. Writes events.jsonl and catalogue/groups.csv beside this file, the same
bytes on every run and machine.

    deploy/story/compose.py [FOLDER]     writes into FOLDER instead

chatter.txt and spread.txt hold what people say; catalogue/ holds what is sold. Brands, shops,
places, people and sentences are invented.
"""
import csv
import json
import math
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

from people import HERE, Dice, Speech, lines_of, make_groups

DAY = datetime(2026, 4, 16, tzinfo=timezone(timedelta(hours=8)))
REACHED = 60
CHATTER = 4000
BRAND = "汀白"


def clock(text):
    """Seconds of the day of "13:40" or "13:40:20"."""
    parts = [int(part) for part in text.split(":")]
    return parts[0] * 3600 + parts[1] * 60 + (parts[2] if len(parts) == 3 else 0)


# What they say -----------------------------------------------------------------------------------

def read_conversations():
    """[(kinds, openings, answers)]"""
    found = []
    for line in lines_of("chatter.txt"):
        mark, text = line[0], line[1:].strip()
        if mark == "@":
            found.append((text.split(), [], []))
        else:
            found[-1][1 if mark == ">" else 2].append(text)
    return found


def read_sections():
    """{section: lines}"""
    sections = {}
    for line in lines_of("spread.txt"):
        if line.startswith("["):
            section = sections[line.strip("[]")] = []
        else:
            section.append(line)
    return sections


# The record of the afternoon -------------------------------------------------------------------

class Record:
    """All events; ids are given at the end, in the order of time."""

    def __init__(self):
        self.events = []

    def say(self, second, group, author, text, role=None, reply_to=None, forward_of=None,
            image=None):
        event = {"at": second, "platform": "wechat", "kind": "chat", "channel": group.channel(),
                 "author": {"id": author, **({"role": role} if role else {})}, "text": text}
        if forward_of is not None:
            event["forward_of"] = forward_of
        if reply_to is not None:
            event["reply_to"] = reply_to
        if image is not None:
            event["attachments"] = [{"kind": "image", "hash": image}]
        self.events.append(event)
        return event

    def add(self, second, **fields):
        self.events.append({"at": second, **fields})

    def lines(self):
        ordered = sorted(self.events, key=lambda event: event["at"])
        for number, event in enumerate(ordered, 1):
            event["id"] = f"m{number:04d}"
        for event in ordered:
            line = {"id": event["id"], "ts": milliseconds(event["at"])}
            for name, value in event.items():
                if name in ("forward_of", "reply_to"):
                    value = value["id"]
                if name not in ("id", "at"):
                    line[name] = value
            yield json.dumps(line, ensure_ascii=False, separators=(",", ":"))


def milliseconds(second):
    return int((DAY.timestamp() + second) * 1000)


# Ordinary talk ---------------------------------------------------------------------------------

# How lively each half hour is, from 12:30 on.
LIVELINESS = [9, 8, 6, 5, 5, 5, 6, 6, 7, 7, 8, 9, 9, 10]


def lively_second(dice):
    at = dice.between(0, sum(LIVELINESS))
    for half_hour, weight in enumerate(LIVELINESS):
        if at < weight:
            return clock("12:30") + 1800 * (half_hour + at / weight)
        at -= weight
    return clock("19:29")


def next_conversation(dice, group, conversations):
    """Each group holds every conversation of its kind before it holds one again."""
    if not group.deck:
        group.deck = dice.shuffled([c for c in conversations
                                    if any(topic in c[0] for topic in group.topics)
                                    or (c[0] == ["*"] and dice.chance(0.25))])
    return group.deck.pop()


def chatter(dice, speech, record, groups):
    conversations = read_conversations()
    weights = [math.sqrt(group.members) for group in groups]
    said = 0
    while said < CHATTER:
        group = groups[weighted(dice, weights)]
        second = lively_second(dice)
        _, openings, answers = next_conversation(dice, group, conversations)
        opening = record.say(second, group, dice.pick(group.speakers),
                             speech.fill(dice.pick(openings)))
        said += 1
        for answer in dice.shuffled(answers)[:dice.below(len(answers) + 1)]:
            second += dice.between(6, 170)
            if second >= clock("19:30"):
                break
            speaker = group.speakers[dice.early(len(group.speakers))]
            record.say(second, group, speaker, speech.fill(answer),
                       reply_to=opening if dice.chance(0.12) else None)
            said += 1


def weighted(dice, weights):
    at = dice.between(0, sum(weights))
    for i, weight in enumerate(weights):
        at -= weight
        if at < 0:
            return i
    return len(weights) - 1


# The spread ------------------------------------------------------------------------------------

# How many groups it has reached by then; in between it grows evenly in the logarithm.
GROWTH = [("13:40:20", 1), ("13:46:40", 2), ("13:52:30", 3), ("14:30", 6), ("15:20", 11),
          ("16:15", 17), ("17:00", 37), ("17:30", 50), ("18:10", 60)]
# What is said to be near its expiry, as the afternoon goes on: that is what the expected loss
# depends on, 20 % of a week's sales: 38,700 yuan for the bag; 119,600 for the family bottle, named
# as often from 15:21 on; 558,600 for the big bottle, named as often from 16:11 on.
WITNESSES = {
    "early": ["13:58", "14:06", "14:13", "14:21", "14:29", "14:37", "14:44"],
    "bag": ["14:16", "14:33", "14:52"],
    "family": ["15:01", "15:11", "15:21:10", "15:27", "15:32", "15:38", "15:45"],
    "blue": ["15:49", "15:55", "15:59", "16:02", "16:04", "16:06", "16:09", "16:11:30", "16:17",
             "16:21", "16:25", "16:31", "16:36", "16:42", "16:49", "16:55", "17:03", "17:12"],
    "evade": ["16:13", "16:19", "16:28", "16:34", "16:45", "16:52", "17:00", "17:08", "17:18",
              "17:26"],
    "late": ["17:38", "17:49", "18:02", "18:19", "18:37"],
}
PHOTO, BLUE_PHOTO = "7c1e90d2a4b8f613", "b05d3f6e1c927a48"
PHOTO_OF_BLUE = clock("16:12")  # from then on a second photo goes round, of the big bottle
STATEMENT = clock("17:30")
QUIET = clock("18:50")


def arrival_seconds(dice):
    """The second at which each of the groups is reached."""
    seconds = []
    for (start, low), (end, high) in zip(GROWTH, GROWTH[1:]):
        a, b = clock(start), clock(end)
        for k in range(low, high):
            share = 0.0 if k == low else log_share(low, high, k)
            jitter = 0 if k == low else dice.between(-0.25, 0.25) * (b - a) / (high - low)
            seconds.append(a + share * (b - a) + jitter)
    return seconds + [clock(GROWTH[-1][0])]


def log_share(low, high, k):
    """log(k / low) / log(high / low) to four digits, by halving: the same on every processor."""
    left, right = 0.0, 1.0
    a, b = float(low), float(high)
    for _ in range(14):
        middle = math.sqrt(a * b)
        half = (left + right) / 2
        if k < middle:
            b, right = middle, half
        else:
            a, left = middle, half
    return left


class Spread:
    def __init__(self, dice, speech, record, groups):
        self.dice, self.speech, self.record = dice, speech, record
        self.said = read_sections()
        self.decks = {}
        others = dice.shuffled([g for g in groups[1:] if g.topics != "司"])
        self.order = [groups[0]] + others[:REACHED - 1]
        self.entered = {}  # group id -> second
        self.photos = []  # messages that can be passed on, the original first
        self.blue_photos = []

    def line(self, section):
        """Each line of a section once before any comes again; what a photo said, never again."""
        if not self.decks.get(section):
            spent = 1 if section in ("early", "blue") else 0
            self.decks[section] = self.dice.shuffled(self.said[section][spent:])
        return self.speech.fill(self.decks[section].pop())

    def speaker(self, group):
        return self.dice.pick(group.speakers)

    def reached(self, second):
        return [g for g in self.order if self.entered.get(g.id, 1e9) <= second]

    def play(self):
        arrivals = arrival_seconds(self.dice)
        for group, second in zip(self.order, arrivals):
            self.entered[group.id] = second
        moments = [(second, "enter", group) for group, second in zip(self.order, arrivals)]
        for section, times in WITNESSES.items():
            moments += [(clock(time), section, None) for time in times]
        for second, what, group in sorted(moments, key=lambda moment: moment[0]):
            if what == "enter":
                self.enter(second, group)
            else:
                self.witness(second, what)
        self.echo()
        self.answer_of_the_company()
        self.aftermath()

    def enter(self, second, group):
        """The photo reaches a group; into one of four somebody brings a bottle of their own."""
        if not self.photos:
            self.photos.append(self.post(second, group, self.said["photo"][0], PHOTO))
        elif group is self.order[2]:
            self.post(second, group, self.said["early"][0])
        elif second > PHOTO_OF_BLUE and self.dice.chance(0.25):
            self.witness(second, self.dice.pick(["blue", "evade"]), group)
        else:
            self.pass_on(second, group)

    def pass_on(self, second, group):
        blue = second > PHOTO_OF_BLUE and self.dice.chance(0.7)
        photos = self.blue_photos if blue else self.photos
        source = photos[-1 - self.dice.early(len(photos))]
        text = self.line("pass").replace("%s", photos[0]["text"])
        linked = self.dice.chance(0.7)
        photos.append(self.post(second, group, text, source["attachments"][0]["hash"],
                                forward_of=source if linked else None))

    def witness(self, second, section, group=None):
        group = group or self.dice.pick(self.reached(second))
        if section == "blue" and not self.blue_photos:
            text = self.said["blue"][0]
            self.blue_photos.append(self.post(second, group, text, BLUE_PHOTO))
            return
        image = f"{self.dice.below(1 << 48):012x}" if self.dice.chance(0.35) else None
        self.post(second, group, self.line(section), image)

    def post(self, second, group, text, image=None, forward_of=None):
        return self.record.say(second, group, self.speaker(group), text, image=image,
                               forward_of=forward_of)

    def echo(self):
        """What the others of a group say to it, mostly without naming the product."""
        for group in self.order:
            second = self.entered[group.id] + self.dice.between(15, 90)
            for _ in range(2 + self.dice.below(6)):
                if second > QUIET:
                    break
                self.record.say(second, group, self.speaker(group), self.remark(second))
                second += self.dice.between(20, 400) * (1 if second < STATEMENT else 2)

    def remark(self, second):
        kinds = ["question"] * 4 + ["reply"] * 5 + ["joke"] * 2 + ["doubt", "denial"]
        if second > clock("15:30"):
            kinds += ["anger"] * 3
        if second > STATEMENT + 900:
            kinds = ["reply", "question", "joke", "after", "after", "after"]
        return self.line(self.dice.pick(kinds))

    def answer_of_the_company(self):
        told = self.dice.shuffled(self.reached(STATEMENT))[:34]
        first = None
        for i, group in enumerate(told):
            second = STATEMENT + 40 + i * self.dice.between(30, 75)
            role = "staff" if i == 0 else self.dice.pick(["owner", "admin"])
            speaker = f"{group.id}-{role}"
            statement = self.said["statement"][0 if i < 24 else 1]
            said = self.record.say(second, group, speaker, statement, role=role,
                                   forward_of=first if i % 3 else None)
            first = first or said
            if self.dice.chance(0.4):
                second += self.dice.between(60, 500)
                self.record.say(second, group, f"{group.id}-owner", self.line("leader"),
                                role="owner")

    def aftermath(self):
        second = STATEMENT + 900
        while second < clock("19:22"):
            group = self.dice.pick(self.order)
            section = "after" if self.dice.chance(0.8) else "joke"
            self.record.say(second, group, self.speaker(group), self.line(section))
            second += self.dice.between(25, 140) * (1 if second < QUIET else 3)


def false_lead(dice, speech, record, groups):
    """An advertisement for the brand's washing-up liquid, passed on quickly: not an incident."""
    text = read_sections()["advertisement"][0]
    first, second = None, clock("12:52")
    for group in dice.shuffled([g for g in groups if g.topics in "邻妈团客乡"])[:9]:
        said = record.say(second, group, dice.pick(group.speakers), text, forward_of=first)
        first = first or said
        second += dice.between(60, 260)


# Reports and decisions ---------------------------------------------------------------------------

def service(record):
    desk = {"id": "desk", "name": "客服台", "service": True}
    record.add(clock("15:24"), platform="service", kind="agent_report", channel=desk,
               author={"id": "agent-07", "role": "staff"}, level="orange",
               text="半小时内第六位顾客来问汀白家庭装临期，都说群里在传照片，请上级留意")
    for time, text in [("16:18", "汀白大蓝瓶买了三瓶，都还有三个月过期，要求退货"),
                       ("16:37", "在群里看到的，我的汀白大蓝瓶也是临期，怎么处理"),
                       ("17:05", "汀白家庭装临期，买的时候没有写明，申请退款")]:
        number = time.replace(":", "")
        record.add(clock(time), platform="service", kind="ticket", channel=desk,
                   author={"id": f"customer-{number}"}, customer=f"C{number}", order=f"T{number}88",
                   text=text)


# Who does what, and when: each some minutes after being told. An incident is acknowledged once.
COMMANDS = [
    ("13:59", "duty", "ack", {}),
    ("16:52", "qa-director", "decide",
     {"option": "refund-and-same-again",  # of rules/ladders.yaml
      "because": "临期没有写明是我们的错；预计损失在我的权限之内，越早认错传得越慢"}),
    ("19:10", "qa-director", "close",
     {"because": "一小时内几乎没有新的抱怨，退赔登记已过九成，正面声音占多数"}),
]


def commands(record):
    for time, person, what, more in COMMANDS:
        record.add(clock(time), platform="qingyu", kind="command", what=what,
                   incident=f"family:brand:{BRAND}", by=person, door="story", **more)


# -----------------------------------------------------------------------------------------------

def ordinary_products():
    with open(HERE / "catalogue" / "catalogue.csv", encoding="utf-8", newline="") as file:
        return [row["aliases"].split("|")[0] for row in csv.DictReader(file)
                if row["brand"] != BRAND]


def main():
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE
    dice = Dice(20260416)
    groups = make_groups(dice)
    speech = Speech(dice, ordinary_products())
    record = Record()
    chatter(dice, speech, record, groups)
    false_lead(dice, speech, record, groups)
    Spread(dice, speech, record, groups).play()
    service(record)
    commands(record)
    (folder / "catalogue").mkdir(parents=True, exist_ok=True)
    with open(folder / "events.jsonl", "w", encoding="utf-8", newline="\n") as file:
        for line in record.lines():
            file.write(line + "\n")
    with open(folder / "catalogue" / "groups.csv", "w", encoding="utf-8", newline="\n") as file:
        file.write("group_id,name,kind,members\n")
        for group in groups:
            file.write(f"{group.id},{group.name},{group.kind},{group.members}\n")


if __name__ == "__main__":
    main()
