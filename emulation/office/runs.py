"""Runs of text in paragraphs and cells of a Word paper."""

from __future__ import annotations

from typing import Literal

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from emulation.office import markup
from emulation.office.text import legal_text

Align = Literal["left", "center", "right", "justify"]
ALIGNMENTS = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "justify": WD_ALIGN_PARAGRAPH.JUSTIFY,
}


def add_run(
    paragraph: Paragraph,
    text: str,
    *,
    bold: bool = False,
    italic: bool = False,
    size: float | None = None,
) -> None:
    """Append text to a paragraph; ``size`` in points, None for the paragraph's own."""
    run = paragraph.add_run(legal_text(text))
    if bold:
        run.bold = True
    if italic:
        run.italic = True
    if size:
        run.font.size = Pt(size)


def add_text(
    cell: _Cell,
    text: str,
    *,
    size: float,
    bold: bool = False,
    italic: bool = False,
    align: Align = "center",
) -> Paragraph:
    """Append a paragraph to a cell; the empty one every new cell has is used first."""
    paragraph = free_paragraph(cell)
    paragraph.alignment = ALIGNMENTS[align]
    add_run(paragraph, text, bold=bold, italic=italic, size=size)
    return paragraph


def free_paragraph(cell: _Cell) -> Paragraph:
    """Return the empty paragraph of a new cell, or else a further one."""
    first: Paragraph = cell.paragraphs[0]
    is_new = len(cell.paragraphs) == 1 and not first.runs
    if is_new:
        return first
    further: Paragraph = cell.add_paragraph()
    return further


def draw_rule(paragraph: Paragraph, *, within: float, length: float) -> None:
    """Turn an empty paragraph into a centred rule; both widths in millimetres."""
    margin = Mm(max(0, (within - length) / 2))
    shrink(paragraph)
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = margin
    paragraph.paragraph_format.space_before = Pt(3)
    markup.add_line_above(paragraph)


def shrink(paragraph: Paragraph) -> None:
    """Make an empty paragraph as low as Word allows."""
    paragraph.paragraph_format.line_spacing = Pt(2)
