"""Write the pages' types from what the server declares: `.venv/bin/python frontend/api_types.py` (a test compares).

From the JSON Schemas of `genrejs.web.answers`, of a job's status and of a question. The usual generator needs an older
TypeScript than the one the pages are built with, and 60 lines do what these schemas need.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic.json_schema import models_json_schema

from genrejs.ensemble.ask import Ask
from genrejs.web import answers
from genrejs.web.processes import StatusInfo

PLACE = Path(__file__).parent / "src" / "api" / "server.d.ts"
HEAD = "/** Made by frontend/api_types.py from what the server declares; not to be changed by hand. */\n"
SENT = (answers.City, answers.Variable, answers.Thing, answers.Frame, answers.Answer, StatusInfo)
SIMPLE = {"string": "string", "number": "number", "integer": "number", "boolean": "boolean", "null": "null"}


def schemas() -> dict[str, dict[str, Any]]:
    """Return the schemas of what is sent and taken, by name."""
    given = models_json_schema([(each, "serialization") for each in SENT], ref_template="{model}")[1]["$defs"]
    taken = models_json_schema([(Ask, "validation")], ref_template="{model}")[1]["$defs"]
    return {**taken, **given}


def written(schema: Mapping[str, Any]) -> str:  # noqa: PLR0911  one answer for each kind of schema
    """Return a schema as a type."""
    if "$ref" in schema:
        return str(schema["$ref"])
    if "enum" in schema or "const" in schema:
        return " | ".join(f'"{each}"' for each in schema.get("enum", [schema.get("const")]))
    for key in ("anyOf", "oneOf"):
        if key in schema:
            return " | ".join(dict.fromkeys(written(each) for each in schema[key]))
    if "prefixItems" in schema:
        return f"[{', '.join(written(each) for each in schema['prefixItems'])}]"
    if schema.get("type") == "array":
        inner = written(schema["items"])
        return f"({inner})[]" if " " in inner and not inner.startswith("[") else f"{inner}[]"
    if isinstance(schema.get("additionalProperties"), dict):
        return f"Record<string, {written(schema['additionalProperties'])}>"
    return SIMPLE.get(str(schema.get("type")), "unknown")


def declared(name: str, schema: Mapping[str, Any]) -> str:
    """Return one named type; what has a default may be left out, and what is taken may be read only."""
    needed = set(schema.get("required", ()))
    rows = [
        f"  {key if key.isidentifier() else repr(key)}{'' if key in needed else '?'}: {written(part)};"
        for key, part in schema["properties"].items()
    ]
    return "\n".join([f"export type {name} = {{", *rows, "};"])


def text() -> str:
    """Return the whole file."""
    return HEAD + "\n".join(declared(name, each) for name, each in sorted(schemas().items())) + "\n"


if __name__ == "__main__":
    PLACE.write_text(text(), encoding="utf-8")
    sys.stdout.write(f"{PLACE.name}\n")
