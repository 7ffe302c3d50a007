"""The content of a handed-in sheet as one canonical document, and its SHA-256."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from scoring.models import Evidence, ScoreSheet
from scoring.selectors.sheet_lines import evidence_of, lines_of


def content_hash(sheet: ScoreSheet) -> str:
    """Return the SHA-256, in hexadecimal, of what the unit handed in: two queries.

    The document is JSON in UTF-8 with sorted keys and no blanks: unit, year, version of the table,
    and of each line its code, input, note and evidence (a file by its own SHA-256, a paper by
    number, date and issuer). Points are not part of it: they follow from the rules.
    """
    text = json.dumps(_document(sheet), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _document(sheet: ScoreSheet) -> dict[str, Any]:
    papers: dict[int, list[dict[str, str]]] = {}
    for each in evidence_of(sheet):
        papers.setdefault(each.line_id, []).append(_paper(each))
    return {
        "sheet": sheet.pk,
        "unit": sheet.membership.unit_id,
        "year": sheet.membership.year,
        "rubric": sheet.rubric_id,
        "blanks": sheet.blanks_confirmed,
        "lines": [
            {
                "code": line.criterion.code,
                "input": line.self_input,
                "note": line.self_note,
                "evidence": sorted(
                    papers.get(line.pk, []), key=lambda paper: sorted(paper.items())
                ),
            }
            for line in lines_of(sheet)
        ],
    }


def _paper(each: Evidence) -> dict[str, str]:
    return {
        "file": each.file.sha256 if each.file else "",
        "title": each.title,
        "number": each.number,
        "issued_on": each.issued_on.isoformat() if each.issued_on else "",
        "issuer": each.issuer,
        "kept_at": each.kept_at,
    }
