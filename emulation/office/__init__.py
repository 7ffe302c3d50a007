"""Office files: official papers in Word, workbooks in Excel, and checks on those that come in."""

from __future__ import annotations

from emulation.office.blocks import HeadingStyle, Signature
from emulation.office.paper import Column, Paper
from emulation.office.responses import docx_response, xlsx_response
from emulation.office.sheets import Sheet, safe_cell, workbook_bytes
from emulation.office.text import legal_text

__all__ = [
    "Column",
    "HeadingStyle",
    "Paper",
    "Sheet",
    "Signature",
    "docx_response",
    "legal_text",
    "safe_cell",
    "workbook_bytes",
    "xlsx_response",
]
