"""Writes schema.json, in the form of `terraform providers schema -json`, for the types infra/ uses: no registry needed.

Only needed when infra/ uses a new type:

    pip download --no-deps --no-binary :all: cdktf-cdktf-provider-google==16.12.1
    tar xzf cdktf_cdktf_provider_google-*.tar.gz --wildcards '*.jsii.tgz' --strip-components 4
    python tests/infra/google/extract_schema.py provider-google@16.12.1.jsii.tgz

That package was generated from the schema of provider hashicorp/google 6.50.0. Its JavaScript still tells it: a getter
names the attribute and its type; one with a `…Input` getter can be set; one with a `reset…` method may be left out.
Where the registry is open, `terraform providers schema -json` replaces this file.
"""

import json
import re
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
INFRA = HERE.parents[2] / "infra"
PROVIDER = "registry.terraform.io/hashicorp/google"

USED = re.compile(r'^(?:resource|data)\s+"(google_\w+)"', re.MULTILINE)
TYPE_NAME = re.compile(r'(\w+)\.tfResourceType = "(\w+)"')
CLASS = re.compile(r"\nclass (\w+) extends [^\n]*\n(.*?)(?=\nclass |\nexports\.|\Z)", re.DOTALL)
PLAIN = re.compile(
    r"\n    get (\w+)\(\) \{\s*return (\S*?get(\w*)Attribute\('(\w+)'\)\S*|\S*interpolationFor\w+\('(\w+)'\)\S*);"
)
NESTED = re.compile(r"this\._(\w+) = new (\w+?)(OutputReference|List)\(this, \"(\w+)\"(, true)?")
COMPUTED_MAP = re.compile(r"this\._\w+ = new cdktf\.(String|Number|Boolean)Map\(this, \"(\w+)\"")
SETTING = re.compile(
    r"\n            (\w+): \{\s*value: [^\n]*\s*isBlock: false,\s*type: \"\w+\",\s*storageClassType: \"(\w+)\""
)

TYPES: dict[str, Any] = {
    "String": "string",
    "Number": "number",
    "Boolean": "bool",
    "List": ["list", "string"],
    "NumberList": ["list", "number"],
    "StringMap": ["map", "string"],
}
SETTING_TYPES: dict[str, Any] = {
    "string": "string",
    "boolean": "bool",
    "number": "number",
    "stringList": ["list", "string"],
    "stringMap": ["map", "string"],
}


def attributes(body: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The plain attributes of one class, by Terraform name."""
    for found in PLAIN.finditer(body):
        getter, code, kind = found[1], found[2], found[3]
        shape = TYPES.get(kind or "", "dynamic")
        if "tolist" in code:
            shape = ["set", shape[1]]
        settable = f"get {getter}Input()" in body
        optional = f"reset{getter[0].upper()}{getter[1:]}()" in body
        # Google fills in the project and the id where they are left out.
        computed = not settable or (optional and getter in ("id", "project", "region"))
        flags = {"required": settable and not optional, "optional": settable and optional, "computed": computed}
        yield found[4] or found[5], {"type": shape, **{name: True for name, on in flags.items() if on}}
    for kind, name in COMPUTED_MAP.findall(body):
        yield name, {"type": ["map", TYPES[kind]], "computed": True}


def block(classes: dict[str, str], name: str) -> dict[str, Any]:
    """One block with everything in it."""
    body = classes[name]
    shape: dict[str, Any] = {"attributes": dict(attributes(body)), "block_types": {}}
    for prop, inner, kind, label, is_set in NESTED.findall(body):
        nested = block(classes, f"{inner}OutputReference")
        if f"get {prop}Input()" not in body:
            shape["attributes"][label] = {"type": ["list", object_type(nested)], "computed": True}
            continue
        needed = f"reset{prop[0].upper()}{prop[1:]}()" not in body
        entry: dict[str, Any] = {"nesting_mode": "set" if is_set else "list", "block": nested, "min_items": int(needed)}
        if kind == "OutputReference":
            entry["max_items"] = 1
        if label == "timeouts":
            entry = {"nesting_mode": "single", "block": nested}
        shape["block_types"][label] = entry
    return shape


def object_type(nested: dict[str, Any]) -> list[Any]:
    fields = {label: entry["type"] for label, entry in nested["attributes"].items()}
    return ["object", fields | {k: ["list", object_type(v["block"])] for k, v in nested["block_types"].items()}]


def main(archive: str) -> None:
    wanted = {name for file in INFRA.glob("*.tf") for name in USED.findall(file.read_text())}
    provider: dict[str, Any] = {}
    resources: dict[str, Any] = {}
    with tarfile.open(archive) as package:
        for member in package:
            if not re.fullmatch(r"package/lib/(?!data-)[\w-]+/index\.js", member.name):
                continue
            content = package.extractfile(member)
            code = content.read().decode() if content else ""
            named = TYPE_NAME.search(code)
            if "/lib/provider/" in member.name:
                settings = {key: SETTING_TYPES.get(kind, "dynamic") for key, kind in SETTING.findall(code)}
                provider = {"attributes": {key: {"type": kind, "optional": True} for key, kind in settings.items()}}
            elif named and named[2] in wanted:
                resources[named[2]] = {"version": 0, "block": block(dict(CLASS.findall(code)), named[1])}
    lacking = wanted - resources.keys()
    if lacking or not provider:
        sys.exit(f"not in {archive}: {', '.join(sorted(lacking)) or 'the provider'}")
    schemas = {"provider": {"version": 0, "block": provider}, "resource_schemas": resources}
    document = {"format_version": "1.0", "provider_schemas": {PROVIDER: schemas}}
    (HERE / "schema.json").write_text(json.dumps(document, sort_keys=True, separators=(",", ":")) + "\n")
    sys.stdout.write(f"{len(resources)} resource types\n")


if __name__ == "__main__":
    main(sys.argv[1])
