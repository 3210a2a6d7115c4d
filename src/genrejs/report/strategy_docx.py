"""The strategy as a Word document: real headings, tables with header rows, pictures with alt text."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, time

import docx
from docx.document import Document as WordFile
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_COLOR_INDEX
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.section import Section as Pages
from docx.shared import Cm, Emu, Pt, RGBColor
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from genrejs.report.language import Language
from genrejs.report.strategy_pdf import picture
from genrejs.report.strategy_tree import (
    Blank,
    Block,
    Box,
    Bullets,
    Cards,
    Document,
    Figure,
    Grid,
    Line,
    Pairs,
    Section,
    Text,
    line_text,
    plain,
)

LANGUAGE_TAGS: dict[Language, str] = {"da": "da-DK", "en": "en-GB"}
OLDEST = (1980, 1, 1, 0, 0, 0)
"""The date of every part of the file: the earliest that a ZIP can hold."""

PAGE = (Cm(21.0), Cm(29.7))  # A4
MARGIN = Cm(2.0)
INK = RGBColor(0x16, 0x30, 0x2B)
BOX = {"fill": "FFF1D6", "edge": "8A5A00"}
FONT = "Calibri"


def docx_bytes(document: Document, language: Language, day: date) -> bytes:
    """Return the document as a Word file, dated `day`; the same content gives the same bytes."""
    file = docx.Document()
    _set_up(file, document, language, day)
    file.add_paragraph(plain(document.subtitle, language), "Subtitle")
    file.add_paragraph(plain(document.title, language), "Title")
    if document.top:
        _box(file, document.top, language)
    for place, section in enumerate(document.sections):
        if place == 1:
            _contents(file, document, language)
        _section(file, section, language, 1)
    return _packed(file)


def _packed(file: WordFile) -> bytes:
    """Return the file with the hour of its writing taken out."""
    first, last = io.BytesIO(), io.BytesIO()
    file.save(first)
    with zipfile.ZipFile(first) as given, zipfile.ZipFile(last, "w", zipfile.ZIP_DEFLATED) as made:
        for name in given.namelist():
            made.writestr(zipfile.ZipInfo(name, OLDEST), given.read(name), zipfile.ZIP_DEFLATED)
    return last.getvalue()


def _set_up(file: WordFile, document: Document, language: Language, day: date) -> None:
    """Set paper, language, fonts, foot and what the file says of itself."""
    about, when = file.core_properties, datetime.combine(day, time())
    about.title, about.author = plain(document.title, language)[:255], plain(document.city, language)[:255]
    about.last_modified_by, about.comments, about.language = about.author, "", LANGUAGE_TAGS[language]
    about.created = about.modified = when
    _paper(file.sections[0], False)
    _speak(file, LANGUAGE_TAGS[language])
    for name in ("Normal", "Title", "Subtitle", "Caption", *(f"Heading {level}" for level in range(1, 5))):
        style = file.styles[name]
        style.font.name, style.font.color.rgb = FONT, INK
        fonts = style.element.rPr.rFonts
        for theme in [key for key in fonts.attrib if key.endswith("Theme")]:
            del fonts.attrib[theme]
    foot = file.sections[0].footer.paragraphs[0]
    foot.add_run(plain(document.foot, language) + "  ·  ").font.size = Pt(8)
    _field(foot, "PAGE", "1")


def _speak(file: WordFile, tag: str) -> None:
    """Set the language of every text."""
    for spoken in file.styles.element.iter(qn("w:lang")):
        spoken.set(qn("w:val"), tag)


def _turned(file: WordFile, broad: bool) -> None:
    """Begin a section of pages, on their side where `broad`."""
    _paper(file.add_section(WD_SECTION.NEW_PAGE), broad)


def _paper(found: Pages, broad: bool) -> None:
    found.orientation = WD_ORIENT.LANDSCAPE if broad else WD_ORIENT.PORTRAIT
    found.page_width, found.page_height = PAGE[::-1] if broad else PAGE
    found.left_margin = found.right_margin = found.top_margin = found.bottom_margin = MARGIN


def _width(file: WordFile) -> Emu:
    """Return the width between the margins of the pages written now."""
    broad = file.sections[-1].orientation == WD_ORIENT.LANDSCAPE
    return Emu(PAGE[1 if broad else 0] - 2 * MARGIN)


def _child(parent: BaseOxmlElement, name: str, **attributes: str) -> BaseOxmlElement:
    """Append an element with its attributes and return it."""
    made = OxmlElement(name)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    parent.append(made)
    return made


def _field(paragraph: Paragraph, order: str, shown: str) -> None:
    """Append a field that Word computes, with what is shown until then."""
    _mark(paragraph, "begin")
    text = _child(paragraph.add_run()._r, "w:instrText")
    text.set(qn("xml:space"), "preserve")
    text.text = order
    _mark(paragraph, "separate")
    paragraph.add_run(shown).font.size = Pt(8)
    _mark(paragraph, "end")


def _mark(paragraph: Paragraph, kind: str) -> None:
    _child(paragraph.add_run()._r, "w:fldChar", fldCharType=kind)


def _contents(file: WordFile, document: Document, language: Language) -> None:
    """Write the titles of the sections as a table of contents, which Word fills with pages when asked."""
    head = file.add_paragraph(style="Subtitle")
    head.add_run(plain(document.contents, language))
    titles = [plain(section.title, language) for section in document.sections]
    lines = [file.add_paragraph() for _ in titles]
    _mark(lines[0], "begin")
    order = _child(lines[0].add_run()._r, "w:instrText")
    order.set(qn("xml:space"), "preserve")
    order.text = r' TOC \o "1-2" \h \z \u '
    _mark(lines[0], "separate")
    for line, title in zip(lines, titles, strict=True):
        line.add_run(title)
        line.paragraph_format.space_after = Pt(0)
    _mark(lines[-1], "end")


def _section(file: WordFile, section: Section, language: Language, level: int) -> None:
    if section.broad:
        _turned(file, True)
    heading = file.add_heading(plain(section.title, language), level)
    heading.paragraph_format.page_break_before = section.own_page
    for block in section.blocks:
        _block(file, block, language, level)
    for each in section.below:
        _section(file, each, language, level + 1)
    if section.broad:
        _turned(file, False)


def _block(file: WordFile, block: Block, language: Language, level: int) -> None:
    match block:
        case Text(text, manner):
            run = file.add_paragraph().add_run(plain(text, language))
            run.bold = manner == "lead"
            run.font.size = Pt(9) if manner == "aside" else None
        case Bullets(items, ordered):
            for item in items:
                file.add_paragraph(plain(item, language), "List Number" if ordered else "List Bullet")
        case Cards():
            _cards(file, block, language, level + 1)
        case Box():
            _box(file, block, language)
        case Pairs(pairs):
            for name, line in pairs:
                paragraph = file.add_paragraph()
                paragraph.paragraph_format.space_after = Pt(3)
                paragraph.add_run(f"{plain(name, language)}: ").bold = True
                _write(paragraph, line, language)
        case Grid():
            _grid(file, block, language)
        case Figure():
            _figure(file, block, language)


def _cards(file: WordFile, block: Cards, language: Language, level: int) -> None:
    for card in block.cards:
        file.add_heading(plain(card.question, language), level).paragraph_format.space_before = Pt(6)
        answer = file.add_paragraph()
        run = answer.add_run(plain(card.answer, language))
        run.bold, run.font.size = True, Pt(16)
        answer.paragraph_format.space_after = Pt(0)
        answer.paragraph_format.keep_with_next = True
        file.add_paragraph(plain(card.sentence, language)).paragraph_format.space_after = Pt(4)


def _box(file: WordFile, box: Box, language: Language) -> None:
    paragraph = file.add_paragraph()
    paragraph.add_run(f"{plain(box.title, language)}. ").bold = True
    paragraph.add_run(plain(box.text, language))
    form = paragraph._p.get_or_add_pPr()
    edges = OxmlElement("w:pBdr")
    for side in ("top", "left", "bottom", "right"):
        _child(edges, f"w:{side}", val="single", sz="8", space="4", color=BOX["edge"])
    shade = OxmlElement("w:shd")
    for key, value in (("val", "clear"), ("color", "auto"), ("fill", BOX["fill"])):
        shade.set(qn(f"w:{key}"), value)
    form.extend([edges, shade])


def _write(paragraph: Paragraph, line: Line, language: Language) -> None:
    """Write a line; a blank to fill in is marked."""
    run = paragraph.add_run(line_text(line, language))
    if isinstance(line, Blank):
        run.font.highlight_color = WD_COLOR_INDEX.YELLOW


def _grid(file: WordFile, grid: Grid, language: Language) -> None:
    width = _width(file)
    caption = file.add_paragraph(plain(grid.caption, language), "Caption")
    caption.paragraph_format.keep_with_next = True
    table = file.add_table(len(grid.rows) + 1, len(grid.heads), "Table Grid")
    table.autofit = False
    size = Pt(7 if grid.broad else 9)
    _describe(table, plain(grid.caption, language))
    widths = [Emu(round(width * share / sum(grid.widths))) for share in grid.widths]
    told = (tuple((head,) for head in grid.heads), *grid.rows)
    for place, (row, cells) in enumerate(zip(table.rows, told, strict=True)):
        form = row._tr.get_or_add_trPr()
        _child(form, "w:cantSplit")
        if place == 0:
            _child(form, "w:tblHeader")
        for column, (cell, lines) in enumerate(zip(row.cells, cells, strict=True)):
            cell.width = widths[column]
            _fill(cell, lines, language, (size, place == 0 or column == 0, grid.figures and column > 0))
    for column, wide in zip(table.columns, widths, strict=True):
        column.width = wide
    file.add_paragraph().paragraph_format.space_after = Pt(0)


def _describe(table: Table, words: str) -> None:
    _child(table._tbl.tblPr, "w:tblCaption", val=words)


def _fill(cell: _Cell, lines: tuple[Line, ...], language: Language, look: tuple[Pt, bool, bool]) -> None:
    """Write the lines of a cell, a paragraph each; `look` is size, bold, and to the right."""
    size, bold, right = look
    for place, line in enumerate(lines):
        paragraph = cell.paragraphs[0] if place == 0 else cell.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(0)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if right else None
        _write(paragraph, line, language)
        for run in paragraph.runs:
            run.font.size, run.bold = size, bold


def _figure(file: WordFile, figure: Figure, language: Language) -> None:
    caption = file.add_paragraph(plain(figure.caption, language), "Caption")
    caption.paragraph_format.keep_with_next = True
    shown = file.add_picture(io.BytesIO(picture(figure.svg[language])), width=_width(file))
    said = shown._inline.docPr
    said.set("descr", plain(figure.alt, language))
    said.set("name", figure.name)
