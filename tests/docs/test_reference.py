"""The reference page says what the program does."""

import importlib.util
from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_the_reference_is_what_the_program_says() -> None:
    spec = importlib.util.spec_from_file_location("build_reference", DOCS / "build_reference.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert (DOCS / "reference.md").read_text("utf-8") == module.text(), "run: python docs/build_reference.py"


def test_the_page_on_floods_names_all_that_may_be_given() -> None:
    from genrejs.flood.given import DEFAULTS

    page = (DOCS / "flood.md").read_text("utf-8")
    assert [name for name in DEFAULTS if f"`{name}`" not in page and f"`{name}=" not in page] == []
