"""Score sheets filled, handed in, appraised and approved, as people would do it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from django.core.files.uploadedfile import SimpleUploadedFile

from emulation import clock
from emulation.management.demo.stories import moment
from emulation.management.demo.year import Year
from emulation.models import User
from scoring.enums import CriterionKind
from scoring.models import Criterion, Explanation, ScoreLine, ScoreSheet
from scoring.services.appraisal import (
    accept_rest,
    appraise_lines,
    finish_appraisal,
    start_appraisal,
)
from scoring.services.appraisal_work import AppraisalDraft
from scoring.services.approval import approve_sheet
from scoring.services.evidence import add_evidence
from scoring.services.explanations import (
    close_explanations,
    explain_line,
    request_explanation,
)
from scoring.services.sheets import LineDraft, save_lines, submit_sheet

Entries = Mapping[str, str]
Correction = Sequence[str]  # what the appraiser enters, and why
AGREED = "Đơn vị nhất trí với kết quả thẩm định."

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n"
    b"xref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n0000000053 00000 n \n"
    b"0000000102 00000 n \ntrailer<</Size 4/Root 1 0 R>>\nstartxref\n164\n%%EOF\n%"
)


def sheet_of(year: Year, name: str) -> ScoreSheet:
    """Return the unit's sheet as it stands."""
    return ScoreSheet.objects.select_related("bloc_year", "membership", "rubric").get(
        membership=year.members[name]
    )


def _lines(sheet: ScoreSheet) -> dict[str, ScoreLine]:
    rows = sheet.lines.select_related("criterion", "sheet__bloc_year", "sheet__membership")
    return {line.criterion.code: line for line in rows.order_by("pk")}


def raw_fields(criterion: Criterion, entry: str) -> dict[str, str]:
    """Return the form fields that an entry of the story stands for ("18/20", "2", "co")."""
    match criterion.kind:
        case CriterionKind.RATIO:
            numerator, denominator = entry.split("/")
            return {"numerator": numerator, "denominator": denominator}
        case CriterionKind.CHOICE:
            return {"level": entry}
        case CriterionKind.PASSFAIL:
            return {"passed": entry}
        case CriterionKind.DIRECT:
            return {"points": entry}
        case CriterionKind.TARGET:
            actual, target = entry.split("/")
            return {"actual": actual, "target": target}
        case CriterionKind.EVENT_AVERAGE:
            return {f"cases_{at}": count for at, count in enumerate(entry.split(";"))}
    return {"n": entry}


def fill(year: Year, name: str, entries: Entries, day: dt.date) -> ScoreSheet:
    """Let the unit's officer enter its figures with the evidence they need."""
    sheet = sheet_of(year, name)
    officer = year.cast.officers[name]
    lines = _lines(sheet)
    drafts = {
        lines[code].criterion_id: LineDraft(
            raw_fields(lines[code].criterion, entry), lines[code].version
        )
        for code, entry in entries.items()
    }
    with clock.at(moment(day, dt.time(14, 0))):
        save_lines(actor=officer, sheet=sheet, lines=drafts)
        for code, entry in entries.items():
            _give_evidence(officer, lines[code], entry, day, name)
    return sheet_of(year, name)


def _give_evidence(officer: User, line: ScoreLine, entry: str, day: dt.date, unit: str) -> None:
    criterion = line.criterion
    if criterion.decision_required and entry not in {"0", ""}:
        add_evidence(
            actor=officer,
            line=line,
            title=f"Quyết định (ví dụ) – {criterion.title}"[:300],
            number="Số ví dụ",
            issued_on=day - dt.timedelta(days=60),
            issuer="Cơ quan ban hành (ví dụ)",
            kept_at=f"Văn thư {unit}",
        )
    elif criterion.evidence_required:
        content = PDF + f"{unit} {criterion.code} {day.year}".encode()
        name = f"Minh chứng {criterion.code} (ví dụ).pdf"
        add_evidence(
            actor=officer,
            line=line,
            title=f"Minh chứng {criterion.code}",
            uploaded=SimpleUploadedFile(name, content, "application/pdf"),
        )


def hand_in(year: Year, name: str, day: dt.date) -> None:
    """Let the officer hand in with the leader's consent."""
    with clock.at(moment(day, dt.time(16, 4))):
        submit_sheet(
            actor=year.cast.officers[name],
            sheet=sheet_of(year, name),
            approving_leader=year.cast.leaders[name].full_name,
            confirm_blanks=True,
        )


def appraise(
    year: Year,
    name: str,
    corrections: Mapping[str, Correction],
    actor: User,
    day: dt.date,
    *,
    rest: bool = True,
) -> None:
    """Let the appraiser correct what is wrong, with reasons, and accept the rest."""
    with clock.at(moment(day)):
        start_appraisal(actor=actor, sheet=sheet_of(year, name))
        lines = _lines(sheet_of(year, name))
        drafts = {
            lines[code].criterion_id: AppraisalDraft(
                lines[code].version, raw=raw_fields(lines[code].criterion, entry), reason=reason
            )
            for code, (entry, reason) in corrections.items()
        }
        if drafts:
            appraise_lines(actor=actor, sheet=sheet_of(year, name), lines=drafts)
        if rest:
            accept_rest(actor=actor, sheet=sheet_of(year, name))


def explain(year: Year, name: str, actor: User, day: dt.date) -> None:
    """Ask the unit about the cut lines; it agrees with each, and the round closes."""
    with clock.at(moment(day)):
        request_explanation(
            actor=actor, sheet=sheet_of(year, name), due_on=day + dt.timedelta(days=2)
        )
    asked = Explanation.objects.filter(line__sheet=sheet_of(year, name)).order_by("pk")
    with clock.at(moment(day, dt.time(14, 30))):
        for explanation in asked.select_related("line__sheet__bloc_year", "line__criterion"):
            explain_line(
                actor=year.cast.leaders[name], line=explanation.line, agrees=True, text=AGREED
            )
        close_explanations(actor=actor, sheet=sheet_of(year, name))


def conclude(year: Year, name: str, actor: User, day: dt.date) -> None:
    """Finish the appraisal."""
    with clock.at(moment(day, dt.time(15, 0))):
        finish_appraisal(actor=actor, sheet=sheet_of(year, name))


def approve(year: Year, name: str, actor: User, day: dt.date) -> None:
    """Approve the appraised sheet."""
    with clock.at(moment(day, dt.time(16, 0))):
        approve_sheet(actor=actor, sheet=sheet_of(year, name))
