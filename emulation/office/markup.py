"""The few pieces of WordprocessingML for which python-docx has no call."""

from __future__ import annotations

from docx.document import Document
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.styles.style import ParagraphStyle
from docx.table import Table, _Row
from docx.text.paragraph import Paragraph

TWIPS_PER_MM = 1440 / 25.4


def set_font(style: ParagraphStyle, name: str) -> None:
    """Use one font for every script, so that no Vietnamese letter falls back to another."""
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), name)


def set_language(document: Document, language: str) -> None:
    """Tell Word the language, else it underlines every word."""
    for element in document.styles.element.iter(qn("w:lang")):
        for script in ("val", "eastAsia", "bidi"):
            element.set(qn(f"w:{script}"), language)


def add_page_number(paragraph: Paragraph) -> None:
    """Append the field that shows the number of the page."""
    for tag, attributes, text in (
        ("w:fldChar", {"w:fldCharType": "begin"}, ""),
        ("w:instrText", {"xml:space": "preserve"}, "PAGE"),
        ("w:fldChar", {"w:fldCharType": "separate"}, ""),
        ("w:t", {}, "2"),
        ("w:fldChar", {"w:fldCharType": "end"}, ""),
    ):
        paragraph.add_run()._r.append(_element(tag, attributes, text))  # noqa: SLF001


def add_line_above(paragraph: Paragraph) -> None:
    """Draw a thin line along the top of a paragraph, between its indents."""
    borders = parse_xml(
        f"<w:pBdr {nsdecls('w')}>"
        '<w:top w:val="single" w:sz="6" w:space="0" w:color="000000"/></w:pBdr>'
    )
    paragraph._p.get_or_add_pPr().insert_element_before(  # noqa: SLF001
        borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def keep_row_whole(row: _Row) -> None:
    """Keep a row on one page."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # noqa: SLF001


def repeat_row(row: _Row) -> None:
    """Print a row again at the top of each page the table runs on to."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001


def set_cell_margins(table: Table, millimetres: float) -> None:
    """Set the space left and right of the text in every cell."""
    width = str(round(millimetres * TWIPS_PER_MM))
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margins.append(_element(f"w:{side}", {"w:w": width, "w:type": "dxa"}))
    properties = table._tbl.tblPr  # noqa: SLF001
    look = properties.find(qn("w:tblLook"))
    if look is None:
        properties.append(margins)
    else:
        look.addprevious(margins)


def _element(tag: str, attributes: dict[str, str], text: str = "") -> BaseOxmlElement:
    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(name), value)
    if text:
        element.text = text
    return element
