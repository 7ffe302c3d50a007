"""Targets and reports; then each unit fills in its sheet and hands it in."""

from __future__ import annotations

import datetime as dt

from blocs.enums import DeadlineKind
from blocs.services.deadlines import extend_deadline
from pledges.enums import ReportKind
from pledges.services.registrations import TargetDraft, save_registration, send_registration
from pledges.services.reports import save_report, send_report
from scoring.models import ScoreLine
from scoring.services.evidence import add_evidence
from scoring.services.rubrics import issue_rubric
from scoring.services.sheets import LineDraft, save_lines, submit_sheet
from tests.story.base import a_pdf, dec
from tests.story.preparing import Preparing

DEADLINES = {
    DeadlineKind.REGISTRATION: "2025-04-15",
    DeadlineKind.INTERIM_REPORT: "2025-07-05",
    DeadlineKind.SELF_SCORE: "2025-12-03",
    DeadlineKind.YEAR_END_REPORT: "2025-12-05",
    DeadlineKind.APPRAISAL: "2025-12-15",
    DeadlineKind.EXPLANATION: "2025-12-15",
    DeadlineKind.DOSSIER: "2025-12-31",
}


class Running(Preparing):
    """Targets and reports; then each unit fills in its sheet and hands it in."""

    def _running(self) -> None:
        self.keys["signature:own"] = self._sign("own")
        self.step("start_running", reason="Đơn vị chưa ký sẽ ký sau")
        for unit in self.members:
            if unit != "absent":
                self._register(unit)
                self._report(unit, ReportKind.INTERIM)

    def _register(self, unit: str) -> None:
        """Everybody sends the registration but ``own``, which has saved a draft."""
        member, officer = self.membership(unit), self.officer_of(unit)
        save_registration(
            actor=officer,
            membership=member,
            targets=[
                TargetDraft(f"Tỷ lệ hồ sơ đúng hạn {number}", dec("98"), "%")
                for number in range(1, self.many + 1)
            ],
            titles=["Tập thể lao động xuất sắc"],
        )
        if unit != "own":
            send_registration(actor=officer, membership=member)

    def _report(self, unit: str, kind: ReportKind) -> None:
        officer = self.officer_of(unit)
        report = save_report(
            actor=officer,
            bloc_year=self.year,
            membership=self.membership(unit),
            kind=kind,
            results="Hoàn thành 60 % kế hoạch năm.",
            limitations="Còn chậm ở hai nhiệm vụ.",
            next_tasks="Tập trung hoàn thành chỉ tiêu.",
        )
        if unit != "own":
            send_report(actor=officer, report=report)

    def _self_scoring(self) -> None:
        send_registration(actor=self.officer_of("own"), membership=self.membership())
        send_report(actor=self.officer_of("own"), report=self.report())
        issue_rubric(
            actor=self.leader_of("head"),
            rubric=self.rubric,
            issued_on=self.day(),
            reason="Ý kiến còn lại được trả lời tại hội nghị",
        )
        self.step("open_self_scoring", reason="Đơn vị chưa báo cáo sẽ gửi sau")
        for number in range(1, self.many + 1):
            extend_deadline(
                actor=self.leader_of("head"),
                deadline=self.deadline(DeadlineKind.YEAR_END_REPORT),
                membership=self.membership(),
                due_on=dt.date.fromisoformat(DEADLINES[DeadlineKind.YEAR_END_REPORT])
                + dt.timedelta(days=number),
                reason="Đơn vị đang sáp nhập",
            )

    def _drafting(self) -> None:
        """Own's sheet is filled in and waits to be handed in."""
        self._fill("own")
        officer = self.officer_of("own")
        for number in range(1, self.many + 1):
            line = self.line("A2")
            draft = LineDraft(raw={"n": "2"}, version=line.version, note=f"Ghi chú lần {number}")
            save_lines(actor=officer, sheet=self.sheet(), lines={line.criterion_id: draft})

    def _fill(self, unit: str) -> None:
        sheet, officer = self.sheet(unit), self.officer_of(unit)
        rows = {
            row.criterion.code: row
            for row in ScoreLine.objects.filter(sheet=sheet).select_related("criterion")
        }
        save_lines(
            actor=officer,
            sheet=sheet,
            lines={
                rows[code].criterion_id: LineDraft(raw=raw, version=rows[code].version)
                for code, raw in self.answers_of(unit).items()
            },
        )
        for number in range(self.many if unit == "own" else 1):
            evidence = add_evidence(
                actor=officer, line=self.line("A1", unit), uploaded=a_pdf(number), title="Báo cáo"
            )
            self.keys[f"evidence:{unit}"] = evidence.pk

    def _submit(self, unit: str) -> None:
        submit_sheet(
            actor=self.officer_of(unit),
            sheet=self.sheet(unit),
            approving_leader="Đồng chí Giám đốc",
            confirm_blanks=True,
        )
