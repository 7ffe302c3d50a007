"""The bản giao ước in Word: the agreed text and a place to sign for every unit.

The clerk types number, place and date of issue; the software invents none.
"""

from __future__ import annotations

from blocs.enums import IssuingStyle
from blocs.models import BlocYear
from emulation.office import HeadingStyle, Paper, Signature
from emulation.vietnamese import format_date
from pledges.enums import PledgeStatus
from pledges.models import Pledge, PledgeItem
from pledges.selectors.signatures import Signing, SigningRow

OFFICE_BLANK = "THỦ TRƯỞNG ĐƠN VỊ"
_STYLES = {IssuingStyle.STATE: HeadingStyle.STATE, IssuingStyle.PARTY: HeadingStyle.PARTY}


def pledge_docx(
    *, pledge: Pledge, items: list[PledgeItem], signing: Signing, head: int | None
) -> bytes:
    """Return the pledge as the content of a .docx file, with the names of that year."""
    year = pledge.bloc_year
    paper = Paper(
        subject=pledge.title,
        style=_STYLES[IssuingStyle(year.issuing_style)],
        example=pledge.is_example or year.is_example,
    )
    paper.heading(year.name, numbered=False)
    paper.title(*_title_lines(pledge))
    _write_paragraphs(paper, pledge.preamble)
    paper.items([item.text for item in items])
    _write_paragraphs(paper, pledge.closing)
    paper.subheading("ĐẠI DIỆN CÁC ĐƠN VỊ KÝ GIAO ƯỚC")
    paper.signatures([_block(row, head) for row in signing.rows])
    return paper.to_bytes()


def pledge_file_name(bloc_year: BlocYear) -> str:
    """Return the name under which the paper is downloaded."""
    return f"Giao ước thi đua - {bloc_year.name} - năm {bloc_year.year}.docx"


def _title_lines(pledge: Pledge) -> list[str]:
    draft = pledge.stage in {PledgeStatus.DRAFT, PledgeStatus.CONSULTING}
    lines = [pledge.title.upper(), f"{pledge.bloc_year.name}, năm {pledge.bloc_year.year}"]
    return [*lines, "(DỰ THẢO)"] if draft else lines


def _write_paragraphs(paper: Paper, text: str) -> None:
    for paragraph in text.splitlines():
        if paragraph.strip():
            paper.paragraph(paragraph.strip())


def _block(row: SigningRow, head: int | None) -> Signature:
    is_head = row.membership.unit_id == head
    name = row.membership.unit_name
    organisation = f"{name}\n(Trưởng khối)" if is_head else name
    if row.signature is None:
        return Signature(OFFICE_BLANK, organisation=organisation)
    return Signature(
        row.signature.office or OFFICE_BLANK,
        name=row.signature.signatory,
        organisation=organisation,
        note=f"(Đã ký ngày {format_date(row.signature.signed_on)})",
    )
