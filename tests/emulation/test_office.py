"""Word papers, read back with python-docx."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import docx
import pytest
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.table import Table
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from emulation import clock
from emulation.office import (
    Column,
    HeadingStyle,
    Paper,
    Signature,
    docx_response,
    legal_text,
    xlsx_response,
)

HOSTILE = "Sở\x00 Nội\x1f vụ\ufffe & <b>\ud800"
COLUMNS = [Column("TT", 1, "center"), Column("Đơn vị", 6), Column("Điểm", 2, "right")]


def reread(paper: Paper) -> Document:
    return docx.Document(io.BytesIO(paper.to_bytes()))


def lines(document: Document) -> list[str]:
    """All the text of the body in order, tables included, without empty lines."""
    return [text for p in document.element.body.iter(qn("w:p")) if (text := str(p.text).strip())]


def cells(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in table.rows]


def runs_of(document: Document, text: str) -> list[Any]:
    found = [p for p in document.element.body.iter(qn("w:p")) if p.text == text]
    return [run for paragraph in found for run in paragraph.iter(qn("w:r"))]


def is_bold(document: Document, text: str) -> bool:
    runs = runs_of(document, text)
    return bool(runs) and all(run.find(f"{qn('w:rPr')}/{qn('w:b')}") is not None for run in runs)


# ---------------------------------------------------------------- the page


@pytest.mark.parametrize(("landscape", "size"), [(False, (210, 297)), (True, (297, 210))])
def test_page_follows_decree_30(landscape, size):
    section = reread(Paper(landscape=landscape)).sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == size
    assert section.orientation == (WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT)
    assert 20 <= round(section.top_margin.mm) <= 25
    assert 20 <= round(section.bottom_margin.mm) <= 25
    assert 30 <= round(section.left_margin.mm) <= 35
    assert 15 <= round(section.right_margin.mm) <= 20


def test_font_and_language():
    document = reread(Paper())
    normal = document.styles["Normal"]
    fonts = normal.element.rPr.rFonts
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        assert fonts.get(qn(f"w:{script}")) == "Times New Roman"
    assert 13 <= normal.font.size.pt <= 14
    languages = [el.get(qn("w:val")) for el in document.styles.element.iter(qn("w:lang"))]
    assert languages
    assert set(languages) == {"vi-VN"}


def test_page_number_is_centred_at_the_top_from_the_second_page():
    section = reread(Paper()).sections[0]
    assert section.different_first_page_header_footer
    assert "PAGE" not in section.first_page_header._element.xml
    number = section.header.paragraphs[0]
    assert number.alignment == WD_ALIGN_PARAGRAPH.CENTER
    assert [el.text for el in number._p.iter(qn("w:instrText"))] == ["PAGE"]


def test_a_further_section_may_lie_and_numbers_its_first_page():
    paper = Paper()
    paper.paragraph("Tờ trình")
    paper.new_section(landscape=True)
    paper.table([Column(str(n)) for n in range(4)], [["x"] * 4])
    first, second = reread(paper).sections
    assert (round(first.page_width.mm), round(second.page_width.mm)) == (210, 297)
    assert not second.different_first_page_header_footer
    assert second.header.is_linked_to_previous


def test_properties_name_no_program_and_take_the_time_from_the_clock():
    with clock.at(datetime(2022, 12, 9, 3, 0, tzinfo=UTC)):
        properties = reread(Paper(subject="Biên bản")).core_properties
    assert (properties.title, properties.author, properties.comments) == ("Biên bản", "", "")
    assert properties.created.replace(tzinfo=None) == datetime(2022, 12, 9, 3, 0)  # noqa: DTZ001


# ---------------------------------------------------------------- parts


def test_heading_of_the_state():
    paper = Paper()
    paper.heading("Sở Nội vụ", "Ủy ban nhân dân tỉnh Ninh Thuận")
    document = reread(paper)
    text = lines(document)
    assert text[:2] == ["ỦY BAN NHÂN DÂN TỈNH NINH THUẬN", "SỞ NỘI VỤ"]
    assert text[2:4] == ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"]
    assert not is_bold(document, text[0])
    assert all(is_bold(document, words) for words in text[1:4])
    assert "ĐẢNG" not in "".join(text)


def test_heading_of_the_party():
    paper = Paper(style=HeadingStyle.PARTY)
    paper.heading("Ban Tuyên giáo", "Tỉnh ủy Quảng Bình")
    text = lines(reread(paper))
    assert text[:4] == ["TỈNH ỦY QUẢNG BÌNH", "BAN TUYÊN GIÁO", "*", "ĐẢNG CỘNG SẢN VIỆT NAM"]
    assert "CỘNG HÒA" not in "".join(text)


@pytest.mark.parametrize("style", HeadingStyle)
def test_number_place_and_date_are_left_blank(style):
    paper = Paper(style=style)
    with clock.at(datetime(2022, 12, 9, 3, 0, tzinfo=UTC)):
        paper.heading("Sở Nội vụ")
    number, dated = lines(reread(paper))[-2:]
    assert number.rstrip(": ") == "Số"
    assert dated.replace(".", "").replace(",", "").split() == ["ngày", "tháng", "năm", "20"]


def test_number_and_date_may_be_absent():
    paper = Paper()
    paper.heading("Sở Nội vụ", numbered=False, dated=False)
    assert not [line for line in lines(reread(paper)) if line.startswith(("Số", "."))]
    paper = Paper()
    paper.heading("Sở Nội vụ", dated=False)
    assert lines(reread(paper))[-1] == "Số:"


def test_title_body_and_items():
    paper = Paper()
    paper.title("BIÊN BẢN", "Hội nghị bình xét")
    paper.subheading("I. NỘI DUNG")
    paper.paragraph("Căn cứ Quy chế.")
    paper.items(["Một", "Hai"])
    paper.items(["Ba"], marker="-")
    document = reread(paper)
    assert lines(document) == [
        "BIÊN BẢN",
        "Hội nghị bình xét",
        "I. NỘI DUNG",
        "Căn cứ Quy chế.",
        "1. Một",
        "2. Hai",
        "- Ba",
    ]
    assert is_bold(document, "BIÊN BẢN")
    assert not is_bold(document, "Căn cứ Quy chế.")


def test_body_is_justified_and_indented_unless_told_not_to():
    paper = Paper()
    paper.paragraph("một")
    paper.paragraph("hai", align="center", italic=True)
    paper.paragraph("ba", indent=False)
    one, two, three = reread(paper).paragraphs
    assert one.alignment == WD_ALIGN_PARAGRAPH.JUSTIFY
    assert one.paragraph_format.first_line_indent is None  # its style's
    assert round(one.style.paragraph_format.first_line_indent.mm) == 10
    assert two.alignment == WD_ALIGN_PARAGRAPH.CENTER
    assert two.paragraph_format.first_line_indent == 0
    assert three.paragraph_format.first_line_indent == 0


def test_letters_of_items_are_the_vietnamese_ones():
    paper = Paper()
    paper.items([""] * 25, marker="a)")
    marks = [line.split(")")[0] for line in lines(reread(paper))]
    assert marks[:8] == ["a", "b", "c", "d", "đ", "e", "g", "h"]
    assert marks[22:] == ["y", "aa", "bb"]


def test_table():
    paper = Paper()
    paper.table(COLUMNS, [["1", "Sở Nội vụ", "97,25"], ["", "Cộng", "97,25"]], bold_rows={1})
    document = reread(paper)
    (table,) = document.tables
    assert cells(table) == [
        ["TT", "Đơn vị", "Điểm"],
        ["1", "Sở Nội vụ", "97,25"],
        ["", "Cộng", "97,25"],
    ]
    assert table.style.name == "Table Grid"
    heads = [row._tr.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None for row in table.rows]
    assert heads == [True, False, False]
    whole = [row._tr.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None for row in table.rows]
    assert all(whole)
    assert is_bold(document, "Đơn vị")
    assert is_bold(document, "Cộng")
    assert not is_bold(document, "Sở Nội vụ")
    align = [cell.paragraphs[0].alignment for cell in table.rows[1].cells]
    expected = [WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.RIGHT]
    assert align == expected


@pytest.mark.parametrize(("landscape", "width"), [(False, 165), (True, 252)])
def test_columns_share_the_width_of_the_text(landscape, width):
    paper = Paper(landscape=landscape)
    paper.table(COLUMNS, [["1", "a", "2"]])
    (table,) = reread(paper).tables
    widths = [cell.width.mm for cell in table.rows[1].cells]
    assert sum(widths) == pytest.approx(width, abs=0.2)
    assert widths[1] / widths[0] == pytest.approx(6, rel=0.01)


def test_a_row_of_another_length_is_refused():
    with pytest.raises(ValueError, match="zip"):
        Paper().table(COLUMNS, [["1", "a"]])


def test_tables_never_touch():
    paper = Paper()
    paper.table(COLUMNS, [["1", "a", "2"]])
    paper.signatures([Signature("GIÁM ĐỐC")])
    paper.closing(Signature("GIÁM ĐỐC"), ["Lưu: VT"])
    body = [element.tag for element in reread(paper).element.body]
    pairs = list(pairwise(body))
    assert body.count(qn("w:tbl")) == 3
    assert (qn("w:tbl"), qn("w:tbl")) not in pairs
    assert (qn("w:tbl"), qn("w:sectPr")) not in pairs


# ---------------------------------------------------------------- signing


def test_twelve_signature_blocks_in_a_grid():
    blocks = [Signature("Giám đốc", f"Người {n}", f"Đơn vị {n}") for n in range(1, 13)]
    paper = Paper()
    paper.signatures(blocks, columns=3)
    (table,) = reread(paper).tables
    rows = cells(table)
    assert len(rows) == 8
    assert rows[0][0] == "ĐƠN VỊ 1\nGIÁM ĐỐC\n(Ký, ghi rõ họ tên)"
    assert rows[1] == ["Người 1", "Người 2", "Người 3"]
    assert rows[7][2] == "Người 12"
    assert all(row.height.mm >= 25 for row in list(table.rows)[1::2])


def test_office_stays_on_the_page_of_its_name():
    paper = Paper()
    paper.signatures([Signature("KT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC", "A"), Signature("THƯ KÝ", "B")])
    upper, lower = reread(paper).tables[0].rows
    for cell in upper.cells:
        assert all(p.paragraph_format.keep_with_next for p in cell.paragraphs)
    assert upper.cells[0].text.startswith("KT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC\n")
    assert [cell.text for cell in lower.cells] == ["A", "B"]


def test_one_signature_stands_on_the_right_and_none_draws_nothing():
    paper = Paper()
    paper.signatures([])
    paper.signatures([Signature("GIÁM ĐỐC", "A", note="")])
    (table,) = reread(paper).tables
    assert cells(table) == [["", "GIÁM ĐỐC"], ["", "A"]]


def test_closing_lists_recipients_beside_the_signature():
    paper = Paper()
    paper.closing(Signature("GIÁM ĐỐC", "A"), ["Như trên", "Lưu: VT"])
    assert lines(reread(paper)) == [
        "Nơi nhận:",
        "- Như trên;",
        "- Lưu: VT.",
        "GIÁM ĐỐC",
        "(Ký, ghi rõ họ tên)",
        "A",
    ]


# ---------------------------------------------------------------- examples and hostile text


def test_an_example_is_marked_on_every_page_and_a_real_paper_on_none():
    paper = Paper(example=True)
    paper.heading("Sở Nội vụ")
    document = reread(paper)
    assert lines(document)[0] == "(VÍ DỤ)"
    assert "(VÍ DỤ)" in document.sections[0].header.paragraphs[0].text
    real = Paper()
    real.heading("Sở Nội vụ")
    with zipfile.ZipFile(io.BytesIO(real.to_bytes())) as parts:
        assert all(
            "VÍ DỤ" not in parts.read(name).decode("utf-8", "ignore") for name in parts.namelist()
        )


def test_hostile_text_harms_no_part_of_a_paper():
    paper = Paper(subject=HOSTILE)
    paper.heading(HOSTILE, HOSTILE)
    paper.title(HOSTILE)
    paper.paragraph(HOSTILE)
    paper.items([HOSTILE])
    paper.table([Column(HOSTILE)], [[HOSTILE]])
    paper.signatures([Signature(HOSTILE, HOSTILE, HOSTILE, HOSTILE)])
    paper.closing(Signature(HOSTILE), [HOSTILE])
    assert "Sở Nội vụ & <b>" in lines(reread(paper))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\x00b\x08c", "abc"),
        ("một\r\nhai\rba\x0bbốn\x0cnăm", "một\nhai\nba\nbốn\nnăm"),
        ("\tcột", "\tcột"),
        ("e\u0302\u0301", "ế"),
        ("\ud800\uffff", ""),
    ],
)
def test_legal_text(text, expected):
    assert legal_text(text) == expected


@given(st.text(st.characters(exclude_categories=[])))
def test_legal_text_is_what_xml_carries(text):
    legal = legal_text(text)
    element = etree.Element("t")
    element.text = legal
    assert (etree.fromstring(etree.tostring(element)).text or "") == legal
    assert legal_text(legal) == legal


# ---------------------------------------------------------------- answers


@pytest.mark.parametrize(
    ("answer", "suffix", "kind"),
    [(docx_response, ".docx", "wordprocessingml"), (xlsx_response, ".xlsx", "spreadsheetml")],
)
@pytest.mark.parametrize("name", ["Biên bản", "Biên bản{}", "Biên\r\n bản"])
def test_responses_are_downloads_with_vietnamese_names(answer, suffix, kind, name):
    response = answer(b"content", name.format(suffix))
    assert response.content == b"content"
    assert kind in response["Content-Type"]
    expected = f"attachment; filename*=utf-8''Bi%C3%AAn%20b%E1%BA%A3n{suffix}"
    assert response["Content-Disposition"] == expected
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"
