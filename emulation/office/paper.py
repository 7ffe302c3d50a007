"""Official papers in Word, laid out by Nghị định 30/2020/NĐ-CP, Phụ lục I.

The software prints no number, place or date of issue: the clerk fills them in.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Literal, cast

import docx
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_ALIGN_VERTICAL, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.section import Section
from docx.shared import Length, Mm, Pt
from docx.styles.style import ParagraphStyle
from docx.table import Table
from docx.text.paragraph import Paragraph

from emulation.clock import now
from emulation.office import markup
from emulation.office.blocks import (
    FORMS,
    ROOM_TO_SIGN,
    HeadingStyle,
    Signature,
    fill_agency,
    fill_name,
    fill_office,
    fill_words,
)
from emulation.office.runs import ALIGNMENTS, Align, add_run, add_text, draw_rule, shrink
from emulation.office.text import legal_text

Marker = Literal["1.", "a)", "-"]

FONT = "Times New Roman"
SHORT_SIDE, LONG_SIDE = Mm(210), Mm(297)
TOP = BOTTOM = 20
LEFT, RIGHT = 30, 15
BODY_SIZE, TABLE_SIZE, SMALL_SIZE = 13, 12, 11
MM_PER_LETTER = 2.4  # of bold text in BODY_SIZE, near enough for a rule
EXAMPLE = "(VÍ DỤ)"
DATE_BLANK = "................, ngày ...... tháng ...... năm 20....."

_BODY = "Nội dung"
_LETTERS = "abcdđeghiklmnopqrstuvxy"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; widths are shares, scaled together to the width of the text."""

    title: str
    width: float = 1
    align: Align = "left"


class Paper:
    """A paper being written from top to bottom.

    ``example`` marks it as a sample: "(VÍ DỤ)" above the heading and at the top of later pages.
    Text may hold newlines; characters that Word cannot store are dropped.
    """

    def __init__(
        self,
        *,
        subject: str = "",
        style: HeadingStyle = HeadingStyle.STATE,
        landscape: bool = False,
        example: bool = False,
    ) -> None:
        self.document = docx.Document()
        self.style = style
        self.example = example
        self._describe(subject)
        self._set_styles()
        section = self.document.sections[0]
        _set_page(section, landscape=landscape)
        section.different_first_page_header_footer = True
        self._number_pages(section)
        if example:
            self._line(EXAMPLE, bold=True).paragraph_format.space_after = Pt(6)

    # ------------------------------------------------------------ parts of a paper

    def heading(
        self, agency: str, superior: str = "", *, numbered: bool = True, dated: bool = True
    ) -> None:
        """Write the agency on the left, the State's or the Party's words on the right.

        Below them stand blanks for the number and for the place and date, where the kind of
        paper has them.
        """
        form = FORMS[self.style]
        table = self._grid(2 if numbered or dated else 1, form.shares)
        agency_cell, words_cell = table.rows[0].cells
        left, right = (share * self._text_width() for share in form.shares)
        fill_agency(agency_cell, agency, superior, form, width=left)
        fill_words(words_cell, form, width=right)
        if numbered:
            add_text(table.cell(1, 0), form.number, size=form.agency_size)
        if dated:
            add_text(table.cell(1, 1), DATE_BLANK, size=BODY_SIZE, italic=True)

    def title(self, *lines: str) -> None:
        """Write the kind of paper (first line, larger) and what it is about, with a rule below."""
        for rank, line in enumerate(lines):
            paragraph = self._line(line, bold=True, size=14 if rank == 0 else BODY_SIZE)
            paragraph.paragraph_format.space_before = Pt(14 if rank == 0 else 2)
            paragraph.paragraph_format.keep_with_next = True
        rule = self.document.add_paragraph()
        length = len(lines[-1]) * MM_PER_LETTER / 2 if lines else 0
        draw_rule(rule, within=self._text_width(), length=min(max(length, 15), 60))
        rule.paragraph_format.space_after = Pt(6)

    def paragraph(
        self,
        text: str,
        *,
        bold: bool = False,
        italic: bool = False,
        align: Align = "justify",
        indent: bool = True,
    ) -> None:
        """Write a paragraph of the body, its first line indented by 10 mm unless told not to."""
        paragraph = self.document.add_paragraph(style=_BODY)
        paragraph.alignment = ALIGNMENTS[align]
        if not indent or align in {"center", "right"}:
            paragraph.paragraph_format.first_line_indent = Mm(0)
        add_run(paragraph, text, bold=bold, italic=italic)

    def subheading(self, text: str) -> None:
        """Write a heading inside the body ("I. KẾT QUẢ"), kept with what follows."""
        paragraph = self.document.add_paragraph(style=_BODY)
        paragraph.paragraph_format.keep_with_next = True
        add_run(paragraph, text, bold=True)

    def items(self, texts: Iterable[str], *, marker: Marker = "1.") -> None:
        """Write numbered, lettered (a, b, c, d, đ …) or dashed items, one paragraph each."""
        for rank, text in enumerate(texts):
            self.paragraph(f"{_mark(marker, rank)} {text}")

    def table(
        self,
        columns: Sequence[Column],
        rows: Iterable[Sequence[str]],
        *,
        bold_rows: Container[int] = (),
        size: float = TABLE_SIZE,
    ) -> None:
        """Write a ruled table whose header row is repeated on each page.

        ``bold_rows`` are places in ``rows``, from 0. ValueError when a row has too few or too
        many cells.
        """
        body = [list(row) for row in rows]
        table = self._grid(1 + len(body), [column.width for column in columns], ruled=True)
        for rank, (row, texts) in enumerate(
            zip(table.rows, [[column.title for column in columns], *body], strict=True)
        ):
            heads = rank == 0
            for cell, text, column in zip(row.cells, texts, columns, strict=True):
                bold = heads or rank - 1 in bold_rows
                align = "center" if heads else column.align
                inside = add_text(cell, text, size=size, bold=bold, align=align)
                inside.paragraph_format.space_before = inside.paragraph_format.space_after = Pt(2)
                cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
        markup.repeat_row(table.rows[0])
        self._gap()

    def signatures(self, blocks: Sequence[Signature], *, columns: int = 2) -> None:
        """Write places to sign, side by side, names level; a single one stands on the right."""
        if not blocks:
            return
        self._gap()
        table = self._signing_grid(-(-len(blocks) // columns), columns)
        for rank, block in enumerate(blocks):
            band, column = divmod(rank, columns)
            place = columns - 1 if len(blocks) == 1 else column
            fill_office(table.cell(2 * band, place), block)
            fill_name(table.cell(2 * band + 1, place), block)
        self._gap()

    def closing(self, signature: Signature, recipients: Sequence[str]) -> None:
        """Write "Nơi nhận" on the left and one signature on the right."""
        self._gap()
        table = self._signing_grid(1, 2)
        left = table.cell(0, 0).merge(table.cell(1, 0))
        add_text(left, "Nơi nhận:", size=TABLE_SIZE, bold=True, italic=True, align="left")
        for rank, recipient in enumerate(recipients, start=1):
            end = "." if rank == len(recipients) else ";"
            add_text(left, f"- {recipient}{end}", size=SMALL_SIZE, align="left")
        fill_office(table.cell(0, 1), signature)
        fill_name(table.cell(1, 1), signature)
        self._gap()

    def new_section(self, *, landscape: bool) -> None:
        """Go on to a new page, upright or lying, as for a wide list after a letter."""
        section = self.document.add_section(WD_SECTION.NEW_PAGE)
        section.different_first_page_header_footer = False
        _set_page(section, landscape=landscape)

    def to_bytes(self) -> bytes:
        """Return the paper as the content of a .docx file."""
        buffer = BytesIO()
        self.document.save(buffer)
        return buffer.getvalue()

    # ------------------------------------------------------------ how it is done

    def _describe(self, subject: str) -> None:
        properties = self.document.core_properties
        properties.title = legal_text(subject)[:255]
        properties.author = properties.last_modified_by = properties.comments = ""
        properties.created = properties.modified = now().replace(tzinfo=None)

    def _set_styles(self) -> None:
        normal = cast("ParagraphStyle", self.document.styles["Normal"])
        markup.set_font(normal, FONT)
        markup.set_language(self.document, "vi-VN")
        normal.font.size = Pt(BODY_SIZE)
        normal.paragraph_format.space_after = Pt(0)
        normal.paragraph_format.line_spacing = 1
        body = cast(
            "ParagraphStyle", self.document.styles.add_style(_BODY, WD_STYLE_TYPE.PARAGRAPH)
        )
        body.base_style = normal
        body.paragraph_format.space_before = body.paragraph_format.space_after = Pt(3)
        body.paragraph_format.line_spacing = 1.15
        body.paragraph_format.first_line_indent = Mm(10)

    def _number_pages(self, section: Section) -> None:
        number = section.header.paragraphs[0]
        number.alignment = WD_ALIGN_PARAGRAPH.CENTER
        markup.add_page_number(number)
        if self.example:
            add_run(number, f"  {EXAMPLE}", bold=True)

    def _line(self, text: str, *, bold: bool, size: float = BODY_SIZE) -> Paragraph:
        paragraph = self.document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        add_run(paragraph, text, bold=bold, size=size)
        return paragraph

    def _gap(self) -> None:
        """Keep two tables apart: Word joins those that touch."""
        gap = self.document.add_paragraph()
        gap.paragraph_format.space_before = Pt(4)
        shrink(gap)

    def _text_width(self) -> float:
        """Return the width between the margins of the current page, in millimetres."""
        section = self.document.sections[-1]
        return float(cast("Length", section.page_width).mm) - LEFT - RIGHT

    def _signing_grid(self, bands: int, columns: int) -> Table:
        """Add a grid with two rows a band: the offices, and room to sign above the names."""
        table = self._grid(2 * bands, [1] * columns)
        for row in list(table.rows)[1::2]:
            row.height = ROOM_TO_SIGN
        return table

    def _grid(self, rows: int, shares: Sequence[float], *, ruled: bool = False) -> Table:
        """Add an empty table across the page; without rules it only places things."""
        table: Table = self.document.add_table(rows, len(shares))
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        table.autofit = False
        if ruled:
            table.style = "Table Grid"
        markup.set_cell_margins(table, 1.5 if ruled else 0)
        widths = [Mm(self._text_width() * share / sum(shares)) for share in shares]
        for column, width in zip(table.columns, widths, strict=True):
            column.width = width
        for row in table.rows:
            for cell, width in zip(row.cells, widths, strict=True):
                cell.width = width
            markup.keep_row_whole(row)
        return table


def _set_page(section: Section, *, landscape: bool) -> None:
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width = LONG_SIDE if landscape else SHORT_SIDE
    section.page_height = SHORT_SIDE if landscape else LONG_SIDE
    section.top_margin, section.bottom_margin = Mm(TOP), Mm(BOTTOM)
    section.left_margin, section.right_margin = Mm(LEFT), Mm(RIGHT)
    section.header_distance = section.footer_distance = Mm(10)


def _mark(marker: Marker, rank: int) -> str:
    """Return the mark of the item at a place from 0; letters double after the last (y, aa)."""
    if marker == "1.":
        return f"{rank + 1}."
    if marker == "-":
        return "-"
    rounds, place = divmod(rank, len(_LETTERS))
    return f"{_LETTERS[place] * (rounds + 1)})"
