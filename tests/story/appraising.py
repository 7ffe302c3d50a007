"""Sheets appraised, explained, disputed and approved."""

from __future__ import annotations

from typing import Any

from emulation import clock
from scoring.services.appraisal import AppraisalDraft, accept_rest, appraise_lines, finish_appraisal
from scoring.services.approval import approve_sheet
from scoring.services.cross_checks import assign_cross_check, give_opinion
from scoring.services.disputes import raise_dispute
from scoring.services.explanations import (
    answer_explanation,
    close_explanations,
    explain_line,
    request_explanation,
)
from scoring.services.standing_decisions import exclude_member
from tests.story.base import moment_of
from tests.story.running import Running
from tests.story_rubric import CUT


class Appraising(Running):
    """Sheets appraised, explained, disputed and approved."""

    def _submitted(self) -> None:
        """All have handed in but ``absent``; one was late. A cross-checker is named."""
        with clock.at(moment_of("2025-12-02")):
            self._submit("own")
            for unit in self.members:
                if unit not in {"own", "absent", "checker"}:
                    self._fill(unit)
                    self._submit(unit)
        if "checker" in self.members:
            self._fill("checker")
            self._submit("checker")
        check = assign_cross_check(
            actor=self.officer_of("head"),
            sheet=self.sheet(),
            checker=self.officer_of("checker"),
        )
        self.keys["check"] = check.pk

    def _appraising(self) -> None:
        """Own's sheet is appraised on every line, one of them cut, and not finished."""
        self.step("start_appraising", reason="Đơn vị chưa nộp sẽ được xem xét sau")
        give_opinion(
            actor=self.officer_of("checker"), check=self._check(), opinion="Minh chứng đầy đủ."
        )
        line = self.line("B1")
        cut = AppraisalDraft(line.version, raw=CUT, reason="Thiếu một hoạt động")
        secretary = self.officer_of("head")
        appraise_lines(actor=secretary, sheet=self.sheet(), lines={line.criterion_id: cut})
        accept_rest(actor=secretary, sheet=self.sheet())

    def _check(self) -> Any:
        from scoring.models import CrossCheck

        return CrossCheck.objects.get(pk=self.keys["check"])

    def _explaining(self) -> None:
        """Own has argued about the cut line and waits for the answer."""
        request_explanation(actor=self.officer_of("head"), sheet=self.sheet(), due_on=self.day(5))
        explanation = explain_line(
            actor=self.officer_of("own"),
            line=self.line("B1"),
            agrees=False,
            text="Hoạt động thứ tư diễn ra tháng 11.",
        )
        self.keys["explanation"] = explanation.pk

    def _appraised(self) -> None:
        """Every sheet handed in is appraised and waits for approval."""
        from scoring.models import Explanation

        answer_explanation(
            actor=self.leader_of("head"),
            explanation=Explanation.objects.get(pk=self.keys["explanation"]),
            answer="Hoạt động này ngoài thời gian chấm điểm.",
        )
        close_explanations(actor=self.officer_of("head"), sheet=self.sheet())
        for unit in self.members:
            if unit != "absent":
                appraiser = self.officer_of("deputy" if unit == "head" else "head")
                accept_rest(actor=appraiser, sheet=self.sheet(unit))
                finish_appraisal(actor=appraiser, sheet=self.sheet(unit))

    def _approved(self) -> None:
        """Every sheet is approved, the missing unit excluded; own does not accept a line."""
        for unit in self.members:
            if unit != "absent":
                approver = self.leader_of("deputy" if unit == "head" else "head")
                approve_sheet(actor=approver, sheet=self.sheet(unit))
        if "absent" in self.members:
            decision = exclude_member(
                actor=self.leader_of("head"),
                membership=self.membership("absent"),
                ground="no_sheet",
                reason="Đơn vị không nộp bảng tự chấm điểm",
            )
            self.keys["exclusion"] = decision.pk
        dispute = raise_dispute(
            actor=self.officer_of("own"),
            sheet=self.sheet(),
            line=self.line("B1"),
            text="Đề nghị tính thêm hoạt động tháng 11.",
        )
        self.keys["dispute"] = dispute.pk
