"""The strategy in its four formats: the same words in each, every letter as a letter, and structure that can be heard."""

from __future__ import annotations

import io
import json
import re
import runpy
import zipfile
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import docx
import pytest
import typst
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from genrejs.errors import Fault
from genrejs.report.strategy import write_strategy
from genrejs.report.strategy_content import content
from genrejs.report.strategy_docx import docx_bytes
from genrejs.report.strategy_html import html
from genrejs.report.strategy_markdown import escaped, markdown
from genrejs.report.strategy_pdf import compiled, pdf, picture, quoted, typst_source
from genrejs.report.strategy_tree import plain
from genrejs.report.texts import Phrase, same

TELLER = runpy.run_path(str(Path(__file__).parents[1] / "strategy_story.py"))
AWKWARD = TELLER["AWKWARD"]
READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


@pytest.fixture(scope="module")
def plan():
    return TELLER["awkward_plan"]()


@pytest.fixture(scope="module")
def document(plan):
    return content(plan)


@pytest.fixture(scope="module")
def written(plan, tmp_path_factory):
    folder = tmp_path_factory.mktemp("strategy")
    return folder, write_strategy(plan, folder)


class Page(HTMLParser):
    """Collects what a page says by element, its pictures, ids and links; every element must close."""

    def __init__(self, text):
        super().__init__()
        self.stack, self.said, self.tags, self.attributes = [], {}, [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes.append((tag, dict(attributes)))
        if tag not in {"meta", "link", "img"}:
            self.stack.append(tag)
            self.said.setdefault(tag, []).append("")

    def handle_endtag(self, tag):
        assert self.stack.pop() == tag, self.getpos()

    def handle_data(self, data):
        if self.stack:
            self.said[self.stack[-1]][-1] += data

    def all(self, name):
        return [found[name] for _, found in self.attributes if name in found]


def inline_text(tokens):
    """Return what a reader of Markdown sees in inline tokens."""
    return "".join(
        child.content if child.type != "softbreak" else " " for token in tokens for child in token.children or []
    )


def headings(text):
    tokens = READER.parse(text)
    return [
        (token.tag, inline_text([tokens[at + 1]])) for at, token in enumerate(tokens) if token.type == "heading_open"
    ]


def test_all_files_are_there_and_nothing_else(written):
    folder, made = written
    assert [path.name for path in made][:4] == [f"strategy.da.{form}" for form in ("html", "pdf", "docx", "md")]
    assert len(made) == 8 and all(path.stat().st_size > 5000 for path in made)
    others = {path.name for path in folder.iterdir()} - {path.name for path in made}
    assert others == {"strategy.da.pictures", "strategy.en.pictures"}


def test_the_page_loads_nothing_and_every_letter_is_a_letter(document):
    text = html(document, "da")
    page = Page(text)
    assert page.stack == [] and page.said["h1"] == [AWKWARD] and page.said["title"] == [AWKWARD]
    assert "<b>" not in text and "script" not in page.tags
    addresses = page.all("src") + page.all("href")
    assert {address[:5] for address in addresses if not address.startswith("#")} == {"data:"}
    ids = page.all("id")
    assert len(ids) == len(set(ids)) and {link[1:] for link in addresses if link.startswith("#")} <= set(ids)
    assert set(page.all("aria-labelledby")) <= set(ids)


def test_the_page_can_be_heard(document):
    for language in ("da", "en"):
        page = Page(html(document, language))
        assert page.attributes[0] == ("html", {"lang": language})
        levels = [int(tag[1]) for tag in page.tags if re.fullmatch("h[1-6]", tag)]
        assert levels[0] == 1 and levels.count(1) == 1
        assert all(after - before <= 1 for before, after in pairwise(levels))
        assert page.tags.count("table") == page.tags.count("caption") > 8
        assert all(found.get("alt", "").strip() for tag, found in page.attributes if tag == "img")
        assert all(found.get("scope") for tag, found in page.attributes if tag == "th")


def test_the_pdf_is_tagged_accessible_and_the_same_each_time(written, document, plan):
    folder, _ = written
    made = (folder / "strategy.da.pdf").read_bytes()
    assert made == pdf(document, "da", plan.day)
    assert made.startswith(b"%PDF-1.7") and b"/Lang" in made and b"/StructTreeRoot" in made
    assert b"pdfuaid" in made


def test_typst_reads_every_text_as_text(document, plan):
    source = typst_source(document, "da", plan.day).encode()
    found = json.loads(typst.query(source, "heading"))
    assert found[0]["body"]["text"] == "Kort fortalt"
    assert AWKWARD in [each["body"].get("text") for each in found]
    assert {each["level"] for each in found} == {1, 2}


def test_typst_says_what_it_cannot_set():
    with pytest.raises(Fault, match="could not be set"):
        compiled("#nothing-of-that-name()", "png")


def test_a_drawing_becomes_a_picture():
    drawn = b'<svg xmlns="http://www.w3.org/2000/svg" width="72" height="36"><rect width="72" height="36" fill="#d55e00"/></svg>'
    made = picture(drawn, 100.0)
    width, height = (int.from_bytes(made[at : at + 4], "big") for at in (16, 20))
    assert made.startswith(b"\x89PNG") and 1.9 < width / height < 2.1


def test_the_word_file_has_headings_tables_with_heads_and_pictures_with_words(written):
    folder, _ = written
    for language, tag in (("da", "da-DK"), ("en", "en-GB")):
        file = docx.Document(str(folder / f"strategy.{language}.docx"))
        assert file.core_properties.language == tag and file.core_properties.title == AWKWARD
        assert {spoken.get(qn("w:val")) for spoken in file.styles.element.iter(qn("w:lang"))} == {tag}
        styles = [paragraph.style.name for paragraph in file.paragraphs]
        assert styles.count("Title") == 1 and styles.count("Heading 1") == 11 and styles.count("Heading 2") == 16
        assert AWKWARD in [paragraph.text for paragraph in file.paragraphs if paragraph.style.name == "Heading 2"]
        assert all(row_heads(table) == [True] + [False] * (len(table.rows) - 1) for table in file.tables)
        assert len(file.tables) == styles.count("Caption") - len(file.inline_shapes) > 8
        assert all(shape._inline.docPr.get("descr") for shape in file.inline_shapes) and len(file.inline_shapes) == 4
        turned = [section.orientation for section in file.sections]
        assert turned == [WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE, WD_ORIENT.PORTRAIT]


def row_heads(table):
    return [row._tr.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None for row in table.rows]


def test_the_word_file_marks_blanks_and_is_the_same_each_time(written, document, plan):
    folder, _ = written
    made = (folder / "strategy.en.docx").read_bytes()
    assert made == docx_bytes(document, "en", plan.day)
    with zipfile.ZipFile(io.BytesIO(made)) as parts:
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    file = docx.Document(io.BytesIO(made))
    table = next(table for table in file.tables if len(table.columns) == 8)
    marked = [
        run.text for cell in table.rows[2].cells for p in cell.paragraphs for run in p.runs if run.font.highlight_color
    ]
    assert "[The council names the owner]" in marked


def test_markdown_reads_as_it_was_written(written):
    folder, _ = written
    text = (folder / "strategy.da.md").read_text("utf-8")
    found = headings(text)
    assert found[0] == ("h1", AWKWARD) and ("h3", AWKWARD) in found
    assert [title for tag, title in found if tag == "h2"][:2] == ["Kort fortalt", "Fire søjler"]
    tokens = READER.parse(text)
    assert not [token for token in tokens if token.type == "html_block"]
    images = [child for token in tokens for child in token.children or [] if child.type == "image"]
    assert len(images) == 4 and all((folder / image.attrs["src"]).is_file() and image.content for image in images)
    tables = [token for token in tokens if token.type == "table_open"]
    assert len(tables) == text.count("|\n| ---")


LETTERS = st.text(st.characters(codec="utf-8"), max_size=40) | st.text(
    "*_#[]()<>|$`~\\&!+-=1.) a\n:\"'{}^@/", max_size=25
)


@settings(deadline=None)
@given(LETTERS)
def test_escaped_markdown_is_the_text_itself(text):
    shown = " ".join(plain(same(text), "da").split())
    tokens = READER.parse(f"{escaped(shown)}\n")
    assert inline_text([token for token in tokens if token.type == "inline"]) == shown


@settings(max_examples=20, deadline=None)
@given(LETTERS)
def test_a_quoted_typst_text_is_the_text_itself(text):
    shown = plain(same(text), "da")
    source = f"#metadata({quoted(shown)}) <it>".encode()
    assert json.loads(typst.query(source, "<it>", field="value", one=True)) == shown


@settings(max_examples=20, deadline=None)
@given(LETTERS)
def test_a_word_file_takes_any_letter(text):
    shown = plain(same(text), "da")
    assert docx.Document().add_paragraph(shown).text == shown


def test_letters_that_no_format_can_show_are_left_out():
    assert plain(Phrase("a\x00b\x0b\ud800c\r\nd", "x"), "da") == "abc d"


def test_danish_figures_are_danish(document):
    da, en = markdown(document, "da", "p"), markdown(document, "en", "p")
    assert "33,9\u00a0mio.\u00a0kr." in da and "DKK\u00a033.9\u00a0million" in en
    assert ".." not in da.replace(AWKWARD, "") and ".." not in en.replace(AWKWARD, "")
    assert "10.500 persondøgn" in da and "10,500 person-days" in en
