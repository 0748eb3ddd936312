#!/usr/bin/env python3
"""Makes characters.txt and emoji.txt from the sources that README.md names. Run by hand, when a
source has a new edition; the build only embeds what is here.

    make_tables.py UNIHAN_READINGS.txt.bz2 CHAIZI.pkl CLDR_zh.xml OUT_FOLDER
"""
import bz2
import pickle
import re
import sys
import unicodedata
import xml.etree.ElementTree as ElementTree

COMMON_SHARE = 0.05  # of a character's occurrences, for a reading to count in messages
PARTS_MAX = 4
EMOJI_NAME_MAX = 3


def syllable(reading):
    """guò -> guo, lǜ -> lv"""
    plain = unicodedata.normalize("NFD", reading).replace("u\u0308", "v")
    return "".join(c for c in plain if "a" <= c <= "z")


def read_unihan(path):
    fields = {}
    with bz2.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            parts = line.rstrip("\n").split("\t")
            if len(parts) == 3:
                fields.setdefault(parts[1], {})[chr(int(parts[0][2:], 16))] = parts[2]
    return fields


def readings(fields, char):
    """The common readings, then the rare ones."""
    common = [syllable(r) for r in fields["kMandarin"].get(char, "").split()[:1]]
    counts = re.findall(r"([^\s()]+)\((\d+)\)", fields["kHanyuPinlu"].get(char, ""))
    total = sum(int(count) for _, count in counts)
    common += [syllable(r) for r, count in counts if int(count) >= COMMON_SHARE * total]
    rare = [syllable(r) for r, _ in counts]
    for entry in fields["kTGHZ2013"].get(char, "").split():
        rare += [syllable(r) for r in entry.split(":")[1].split(",")]
    common = list(dict.fromkeys(r for r in common if r))
    return common, [r for r in dict.fromkeys(rare) if r and r not in common]


def is_character(c):
    return 0x3400 <= ord(c) <= 0x4DBF or 0x4E00 <= ord(c) <= 0x9FFF


def splits(chaizi, char):
    found = []
    for parts in chaizi.get(char, []):
        text = "".join(parts)
        if 2 <= len(text) <= PARTS_MAX and all(map(is_character, text)) and char not in text:
            found.append(text)
    return list(dict.fromkeys(found))


def write_characters(fields, chaizi, path):
    with open(path, "w", encoding="utf-8") as out:
        for code in range(0x4E00, 0xA000):
            char = chr(code)
            common, rare = readings(fields, char)
            parts = splits(chaizi, char)
            if common or parts:
                sounds = common + ["?" + r for r in rare]
                out.write(f"{char}\t{' '.join(sounds)}\t{' '.join(parts)}\n")


def write_emoji(annotations, path):
    names = {}
    for annotation in ElementTree.parse(annotations).getroot().iter("annotation"):
        emoji = annotation.get("cp").replace("\ufe0f", "")
        if len(emoji) != 1 or ord(emoji) < 0x2000:
            continue
        words = [w.strip() for w in annotation.text.split("|")]
        names.setdefault(emoji, []).extend(
            w for w in words if 1 <= len(w) <= EMOJI_NAME_MAX and all(map(is_character, w)))
    with open(path, "w", encoding="utf-8") as out:
        for emoji in sorted(names):
            if names[emoji]:
                out.write(f"{emoji}\t{' '.join(dict.fromkeys(names[emoji]))}\n")


def main():
    unihan, chaizi, annotations, out = sys.argv[1:]
    with open(chaizi, "rb") as file:
        parts = pickle.load(file)
    write_characters(read_unihan(unihan), parts, out + "/characters.txt")
    write_emoji(annotations, out + "/emoji.txt")


main()
