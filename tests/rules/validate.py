#!/usr/bin/env python3
"""Validates documents against JSON Schemas, for schema_test.cc.

validate.py SCHEMA_FOLDER DOCUMENT...: a document pack.anything.json (or .yaml) is held against
pack.json of the folder. One line each: "valid" or "invalid", and its name.
"""
import json
import pathlib
import re
import sys

import jsonschema
import yaml


class Core(yaml.SafeLoader):
    """YAML 1.2's core schema, as editors read: `off` and 2026-10-01 are texts."""


Core.yaml_implicit_resolvers = {}
for tag, pattern, first in [
    ("null", r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", list("tTfF")),
    ("int", r"^[-+]?[0-9]+$", list("-+0123456789")),
    ("float", r"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$",
     list("-+0123456789.")),
]:
    Core.add_implicit_resolver("tag:yaml.org,2002:" + tag, re.compile(pattern), first)


def read(path):
    text = path.read_text(encoding="utf-8")
    return json.loads(text) if path.suffix == ".json" else yaml.load(text, Loader=Core)


def main():
    folder = pathlib.Path(sys.argv[1])
    validators = {}
    for name in sys.argv[2:]:
        path = pathlib.Path(name)
        kind = path.name.split(".")[0]
        if kind not in validators:
            schema = json.loads((folder / (kind + ".json")).read_text(encoding="utf-8"))
            jsonschema.Draft7Validator.check_schema(schema)
            validators[kind] = jsonschema.Draft7Validator(schema)
        valid = next(validators[kind].iter_errors(read(path)), None) is None
        print("valid" if valid else "invalid", name)


main()
