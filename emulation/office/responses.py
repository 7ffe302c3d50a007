"""Office files as answers to a request: always downloaded, never cached."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from emulation.office.text import legal_text

DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def docx_response(content: bytes, filename: str) -> HttpResponse:
    """Return a Word file to download; ".docx" is added to the name when missing."""
    return _attachment(content, filename, ".docx", DOCX_TYPE)


def xlsx_response(content: bytes, filename: str) -> HttpResponse:
    """Return an Excel file to download; ".xlsx" is added to the name when missing."""
    return _attachment(content, filename, ".xlsx", XLSX_TYPE)


def _attachment(content: bytes, filename: str, suffix: str, content_type: str) -> HttpResponse:
    name = " ".join(legal_text(filename).replace("/", "-").split()).removesuffix(suffix) + suffix
    response = HttpResponse(content, content_type=content_type)
    disposition = content_disposition_header(as_attachment=True, filename=name)
    response["Content-Disposition"] = disposition or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
