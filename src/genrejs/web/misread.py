"""What is wrong with a body that cannot be read, told without sending any of it back but a name."""

from __future__ import annotations

from fastapi.exceptions import RequestValidationError

from genrejs.workshop.clean import clean
from genrejs.workshop.refused import Refused


def misread(error: RequestValidationError) -> Refused:
    """Return the first thing that is wrong with a body as a refusal; nothing that was sent is sent back but a name."""
    first = error.errors()[0]
    where = [str(part) for part in first["loc"][1:] if isinstance(part, str)]
    kind, field = str(first["type"]), clean(where[-1])[:40] if where else ""
    if kind == "string_too_long":
        return Refused("bad", "text_long", most=first["ctx"]["max_length"])
    if kind in {"text_empty", "string_too_short"}:
        return Refused("bad", "text_empty")
    if kind in {"union_tag_not_found", "union_tag_invalid"}:
        return Refused("bad", "field_missing" if kind.endswith("found") else "field_wrong", field="kind")
    if not where or kind == "json_invalid":
        return Refused("bad", "body")
    key = {"missing": "field_missing", "extra_forbidden": "field_unknown"}.get(kind, "field_wrong")
    return Refused("bad", key, field=field)
