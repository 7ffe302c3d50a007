"""The year drafted, consulted on and signed."""

from __future__ import annotations

import datetime as dt

from blocs.enums import DeadlineKind, MeetingKind, PaperKind, TermKind
from blocs.models import Meeting
from blocs.services.deadlines import set_deadline
from blocs.services.meetings import record_attendance, record_meeting, record_papers
from blocs.services.papers import record_activity, record_bloc_paper
from emulation.models import User
from pledges.models import PledgeItem
from pledges.services.comments import comment_on_pledge, reply_to_comment
from pledges.services.pledges import agree_pledge, draft_pledge
from pledges.services.signatures import record_paper_signature, sign_pledge
from scoring.services.quotas import set_award, set_quota
from scoring.services.rubrics import (
    comment_on_rubric,
    create_rubric,
    open_rubric_consultation,
    reply_to_rubric_comment,
)
from tests.story.base import YEAR, a_pdf
from tests.story.founding import Founding

DEADLINES = {
    DeadlineKind.REGISTRATION: "2025-04-15",
    DeadlineKind.INTERIM_REPORT: "2025-07-05",
    DeadlineKind.SELF_SCORE: "2025-12-03",
    DeadlineKind.YEAR_END_REPORT: "2025-12-05",
    DeadlineKind.APPRAISAL: "2025-12-15",
    DeadlineKind.EXPLANATION: "2025-12-15",
    DeadlineKind.DOSSIER: "2025-12-31",
}

AWARDS = {
    "GOV_FLAG": "Cờ thi đua của Chính phủ",
    "PROV_FLAG": "Cờ thi đua của UBND tỉnh",
    "PROV_MERIT": "Bằng khen của UBND tỉnh",
}


class Preparing(Founding):
    """The year drafted, consulted on and signed."""

    def _draft(self) -> None:
        self.keys["year"] = self._open_year(self.bloc, YEAR, self.members).pk
        self._lead(self.bloc, YEAR, "head", TermKind.HEAD)
        self._lead(self.bloc, YEAR, "deputy", TermKind.DEPUTY)
        secretary = self.officer_of("head")
        for kind, day in DEADLINES.items():
            set_deadline(
                actor=secretary, bloc_year=self.year, kind=kind, due_on=dt.date.fromisoformat(day)
            )
        draft_pledge(
            actor=secretary,
            bloc_year=self.year,
            title="Giao ước thi đua năm 2025",
            preamble="Các đơn vị trong Khối thống nhất giao ước:",
            items=[f"Hoàn thành nhiệm vụ số {number}" for number in range(1, self.many + 3)],
        )
        rubric = create_rubric(actor=secretary, bloc_year=self.year, document=self.document())
        self.keys["rubric"] = rubric.pk
        self._draft_papers(secretary)
        self._set_quotas()

    def _draft_papers(self, secretary: User) -> None:
        for number in range(1, self.many + 1):
            record_bloc_paper(
                actor=secretary,
                bloc_year=self.year,
                kind=PaperKind.PLAN,
                title=f"Kế hoạch số {number}",
                uploaded=a_pdf(number),
            )
            record_activity(actor=secretary, bloc_year=self.year, title=f"Hội thao lần {number}")
            record_meeting(
                actor=secretary,
                bloc_year=self.year,
                kind=MeetingKind.OTHER,
                held_on=self.day(-number),
                place="Trụ sở",
            )

    def _set_quotas(self) -> None:
        clerk = self.people["board"]
        for position, (code, label) in enumerate(AWARDS.items(), start=1):
            award = set_award(
                actor=clerk, board=self.board, code=code, label=label, position=position
            )
            set_quota(actor=clerk, bloc_year=self.year, award=award, max_count=1)

    def _consulting(self) -> None:
        self.step("consult", by="secretary")
        item = PledgeItem.objects.filter(pledge=self.pledge).order_by("position").first()
        for unit in ("own", "other"):
            for number in range(self.many):
                comment = comment_on_pledge(
                    actor=self.officer_of(unit),
                    pledge=self.pledge,
                    item=item,
                    membership=self.membership(unit),
                    text=f"Đề nghị ghi rõ chỉ tiêu, ý kiến {number}",
                )
                self.keys[f"pledge_comment:{unit}"] = comment.pk
        reply_to_comment(actor=self.leader_of("head"), comment=comment, reply="Tiếp thu.")
        open_rubric_consultation(actor=self.officer_of("head"), rubric=self.rubric)
        for unit in ("own", "other"):
            for number in range(self.many):
                remark = comment_on_rubric(
                    actor=self.officer_of(unit),
                    rubric=self.rubric,
                    membership=self.membership(unit),
                    text=f"Đề nghị nói rõ cách tính, ý kiến {number}",
                    criterion=self.criterion("A2"),
                )
                self.keys[f"rubric_comment:{unit}"] = remark.pk
        reply_to_rubric_comment(
            actor=self.officer_of("head"), comment=remark, reply="Đã bổ sung hướng dẫn."
        )

    def _signing(self) -> None:
        agree_pledge(actor=self.leader_of("head"), pledge=self.pledge)
        self.step("open_signing")
        meeting = record_meeting(
            actor=self.officer_of("head"),
            bloc_year=self.year,
            kind=MeetingKind.SIGNING,
            held_on=self.day(),
            place="Hội trường Sở Nội vụ",
        )
        self._everyone_came(meeting)
        for unit in self.members:
            if unit not in {"own", "absent"}:
                self.keys[f"signature:{unit}"] = self._sign(unit)

    def _sign(self, unit: str) -> int:
        if unit == "other":
            return record_paper_signature(
                actor=self.officer_of("head"),
                pledge=self.pledge,
                membership=self.membership(unit),
                signatory="Giám đốc",
                office="Giám đốc",
                signed_on=self.day(),
                scan=a_pdf(),
            ).pk
        return sign_pledge(
            actor=self.leader_of(unit), pledge=self.pledge, membership=self.membership(unit)
        ).pk

    def _everyone_came(self, meeting: Meeting) -> None:
        record_attendance(
            actor=self.officer_of("head"),
            meeting=meeting,
            present={each.pk: (True, "Giám đốc") for each in self.memberships()},
        )
        record_papers(
            actor=self.officer_of("head"),
            meeting=meeting,
            papers=[(f"Văn bản số {number}", True) for number in range(self.many)],
        )
