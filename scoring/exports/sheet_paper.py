"""The bảng tự chấm điểm as a Word file."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpResponse

from emulation.office import Column, HeadingStyle, Paper, Signature, docx_response
from emulation.vietnamese import format_date, format_moment, format_points
from scoring.models import Evidence, ScoreSheet
from scoring.rules.enums import LineFlag, SectionKind
from scoring.rules.inputs import describe
from scoring.rules.numbers import short
from scoring.selectors.receipts import NO_RECEIPT, received_of
from scoring.selectors.sheet_content import (
    ContentLine,
    ContentSection,
    SheetContent,
    citation,
    content_of,
    evidence_title,
)
from scoring.selectors.sheet_lines import evidence_on

COLUMNS = (
    Column("Mã", 7, "center"),
    Column("Nội dung tiêu chí", 32),
    Column("Điểm tối đa", 8, "right"),
    Column("Kết quả đơn vị tự chấm", 22),
    Column("Điểm tự chấm", 9, "right"),
    Column("Minh chứng, ghi chú", 22),
)


def sheet_paper(sheet: ScoreSheet) -> HttpResponse:
    """Return the sheet's self-score as a .docx to download, with its receipt once handed in."""
    member, year = sheet.membership, sheet.bloc_year
    paper = Paper(
        subject=f"Bảng tự chấm điểm của {member.unit_name}",
        style=HeadingStyle(member.unit.issuing_style),
        landscape=True,
        example=sheet.is_example,
    )
    content = content_of(sheet)
    paper.heading(member.unit_name)
    paper.title("BẢNG TỰ CHẤM ĐIỂM THI ĐUA", f"Năm {year.year}", year.name)
    paper.paragraph(_basis(sheet))
    rows, bold = _rows(content, evidence_on(sheet, content.rows))
    paper.table(COLUMNS, rows, bold_rows=bold, size=11)
    for text in _totals(content):
        paper.paragraph(text, bold=True)
    for text in _receipt(sheet):
        paper.paragraph(text)
    paper.signatures(
        [Signature("Người lập bảng"), Signature("Thủ trưởng đơn vị", note="(Ký tên, đóng dấu)")]
    )
    return docx_response(paper.to_bytes(), f"Bảng tự chấm điểm {year.year} - {member.unit_name}")


def _basis(sheet: ScoreSheet) -> str:
    rubric = sheet.rubric
    number = f", số {rubric.document_number}" if rubric.document_number else ""
    issued = f", ban hành ngày {format_date(rubric.issued_on)}" if rubric.issued_on else ""
    basis = f"Chấm theo {rubric.title}, lần {rubric.version}{number}{issued}."
    if sheet.submitted_at is None:
        return f"{basis} Bản chưa nộp."
    late = f", muộn {sheet.days_late} ngày" if sheet.days_late else ""
    return f"{basis} Nộp lúc {format_moment(sheet.submitted_at)}{late}."


def _receipt(sheet: ScoreSheet) -> list[str]:
    """Return what the handing-in left: number, moment, hash, and whether it still holds."""
    received = received_of(sheet)
    if received is None:
        return []
    if received.receipt is None:
        return [NO_RECEIPT]
    receipt = received.receipt
    holds = (
        "Nội dung bản này đúng như khi nộp."
        if received.matches
        else "Nội dung trên hệ thống đã khác khi nộp."
    )
    return [
        f"Biên nhận số {received.number}, lúc {format_moment(receipt.at)}.",
        f"Mã nội dung (SHA-256): {receipt.content_hash}. {holds}",
    ]


def _rows(content: SheetContent, evidence: Iterable[Evidence]) -> tuple[list[list[str]], set[int]]:
    """Return the table's rows and the places of those printed in bold."""
    papers: dict[int, list[str]] = {}
    for each in evidence:
        papers.setdefault(each.line_id, []).append(_paper(each))
    rows: list[list[str]] = []
    bold: set[int] = set()
    for section in content.sections:
        bold.add(len(rows))
        rows.append(_section_row(section))
        heading = ""
        for line in section.lines:
            top = line.place.criterion
            if top.parts and top.code != heading:
                heading = top.code
                rows.append([top.code, top.title, short(top.max_points), "", "", ""])
            rows.append(_row(line, papers.get(line.row.pk, [])))
    return rows, bold


def _section_row(section: ContentSection) -> list[str]:
    most = short(section.result.nominal_maximum)
    counted = format_points(section.result.counted)
    return [section.rules.code, section.rules.title, most, "", counted, ""]


def _row(line: ContentLine, papers: list[str]) -> list[str]:
    scored = line.scored
    points = format_points(scored.counted, empty="không tính" if scored.excluded else "chưa chấm")
    remarks = [note for note in scored.notes if note not in _SAID_ELSEWHERE]
    note = [line.row.self_note] if line.row.self_note else []
    return [
        scored.code,
        line.place.leaf.title,
        short(scored.maximum),
        _entered(line),
        points,
        "\n".join([*papers, *note, *remarks]),
    ]


_SAID_ELSEWHERE = ("Chưa chấm", "Không phát sinh")


def _entered(line: ContentLine) -> str:
    if line.place.leaf.automatic or LineFlag.BLANK_CONFIRMED in line.scored.flags:
        return ""
    blank = line.scored.is_missing and line.scored.kind is not SectionKind.BASE
    return "" if blank else describe(line.place.leaf, line.entered)


def _paper(each: Evidence) -> str:
    detail = citation(each)
    return f"{evidence_title(each)} ({detail})" if detail else evidence_title(each)


def _totals(content: SheetContent) -> list[str]:
    result = content.result
    if result.total is None:
        return [f"Tổng điểm: {result.missing_text}."]
    return [f"Tổng điểm tự chấm: {result.sum_text} điểm."]
