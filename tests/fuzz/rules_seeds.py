#!/usr/bin/env python3
"""Seeds for rules_fuzz: the shipped files and the broken ones, each after the byte that says which
file of a Book it is. Usage: rules_seeds.py FOLDER"""
import sys
from pathlib import Path

# rules::Role (rules/sources.h) by how a file's name begins; 'H' is 0 in both moduli.
ROLES = {"taxonomy": 0, "lists": 1, "ladders": 2, "limits": 3, "pack": 4, "catalogue": 5,
         "groups": 6, "merchants": 7, "stores": 8, "baselines": 9}
KINDS = 12
LONGEST = 16384


def main():
    root = Path(__file__).resolve().parents[2]
    out = Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    broken = [(file.name.split(".")[0], file)
              for file in sorted((root / "tests/rules/broken").iterdir())
              if file.suffix != ".expected"]
    shipped = [(file.stem, file) for file in sorted((root / "rules").glob("*.yaml"))]
    shipped += [("pack", file) for file in sorted((root / "rules/packs").glob("*.yaml"))]
    for kind, file in broken + shipped:
        choice = bytes([ord("H") + ROLES[kind]])
        assert choice[0] % (2 * KINDS) == ROLES[kind]
        (out / file.name).write_bytes(choice + file.read_bytes()[:LONGEST])


if __name__ == "__main__":
    main()
