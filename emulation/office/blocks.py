"""The fixed blocks of an official paper: its heading and the places to sign."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from docx.enum.table import WD_ALIGN_VERTICAL
from docx.shared import Mm, Pt
from docx.table import _Cell

from emulation.office.runs import add_text, draw_rule, free_paragraph

ROOM_TO_SIGN = Mm(28)
SIGN_HERE = "(Ký, ghi rõ họ tên)"
NOTE_SIZE, SIGNATURE_SIZE = 12, 13
_AGENCY_RULE = 25


class HeadingStyle(Enum):
    """Whose heading a paper bears: the State's, or the Party's for Party agencies."""

    STATE = "state"
    PARTY = "party"


@dataclass(frozen=True, slots=True)
class Form:
    """How a heading is printed; sizes in points, the rule in millimetres.

    ``shares`` are the parts of the page's width left and right.
    """

    words: tuple[tuple[str, float], ...]
    rule: float
    shares: tuple[float, float]
    agency_size: float
    number: str
    parting: str


FORMS = {
    HeadingStyle.STATE: Form(
        words=(("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 12), ("Độc lập - Tự do - Hạnh phúc", 13)),
        rule=58,
        shares=(0.45, 0.55),
        agency_size=12,
        number="Số:            ",
        parting="",
    ),
    HeadingStyle.PARTY: Form(
        words=(("ĐẢNG CỘNG SẢN VIỆT NAM", 14),),
        rule=69,
        shares=(0.45, 0.55),
        agency_size=13,
        number="Số            ",
        parting="*",
    ),
}


@dataclass(frozen=True, slots=True)
class Signature:
    """A place to sign: whose ("SỞ NỘI VỤ"), in what office ("GIÁM ĐỐC"), by whom.

    ``title`` may have several lines ("KT. GIÁM ĐỐC" / "PHÓ GIÁM ĐỐC"), parted by a newline.
    """

    title: str
    name: str = ""
    organisation: str = ""
    note: str = SIGN_HERE


def fill_agency(cell: _Cell, agency: str, superior: str, form: Form, *, width: float) -> None:
    """Write the agency in bold under the one above it, and a rule or an asterisk below."""
    if superior:
        add_text(cell, superior.upper(), size=form.agency_size)
    add_text(cell, agency.upper(), size=form.agency_size, bold=True)
    if form.parting:
        add_text(cell, form.parting, size=form.agency_size)
    else:
        draw_rule(free_paragraph(cell), within=width, length=_AGENCY_RULE)


def fill_words(cell: _Cell, form: Form, *, width: float) -> None:
    """Write the State's or the Party's words with a rule as long as the last line below."""
    for words, size in form.words:
        add_text(cell, words, size=size, bold=True)
    draw_rule(free_paragraph(cell), within=width, length=form.rule)


def fill_office(cell: _Cell, block: Signature) -> None:
    """Write whose place it is and in what office, kept with the row of the name below."""
    if block.organisation:
        add_text(cell, block.organisation.upper(), size=SIGNATURE_SIZE, bold=True)
    add_text(cell, block.title.upper(), size=SIGNATURE_SIZE, bold=True)
    if block.note:
        add_text(cell, block.note, size=NOTE_SIZE, italic=True)
    for paragraph in cell.paragraphs:
        paragraph.paragraph_format.keep_with_next = True


def fill_name(cell: _Cell, block: Signature) -> None:
    """Write the name at the foot of the room to sign, level with its neighbours."""
    name = add_text(cell, block.name, size=SIGNATURE_SIZE, bold=True)
    name.paragraph_format.space_after = Pt(10)
    cell.vertical_alignment = WD_ALIGN_VERTICAL.BOTTOM
