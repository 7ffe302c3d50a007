"""A bloc's whole year, built through the services, with a stop at any moment.

``Story("tabled")`` walks a fictitious bloc from founding to the moment at which its table is
tabled, each deed by the person whose deed it is and on its day. ``story.go_to("adopted")`` walks
on. Sixteen roles look at it (``ROLES``): "own" is the unit whose papers are asked for, ``officer``
and ``leader`` are its people.

The story keeps keys only and reads its objects anew, so that many tests may share one.
"""

from __future__ import annotations

import datetime as dt
from contextlib import AbstractContextManager
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from blocs.enums import (
    BlocKind,
    DeadlineKind,
    IssuingStyle,
    MeetingKind,
    PaperKind,
    PostRole,
    TermKind,
    TermSource,
    UnitKind,
)
from blocs.models import Bloc, BlocYear, Board, Deadline, HeadTerm, Meeting, Membership, Post, Unit
from blocs.services.boards import create_board
from blocs.services.deadlines import extend_deadline, set_deadline
from blocs.services.meetings import record_attendance, record_meeting, record_papers
from blocs.services.members import add_member
from blocs.services.papers import record_activity, record_bloc_paper
from blocs.services.people import appoint, create_person, end_post
from blocs.services.steps import take_step
from blocs.services.terms import name_secretary, record_election, set_term
from blocs.services.units import create_unit
from blocs.services.years import create_bloc, create_bloc_year
from emulation import clock
from emulation.models import User
from pledges.enums import ReportKind
from pledges.models import Pledge, PledgeItem, Registration, Report
from pledges.services.comments import comment_on_pledge, reply_to_comment
from pledges.services.pledges import agree_pledge, draft_pledge
from pledges.services.registrations import TargetDraft, save_registration, send_registration
from pledges.services.reports import save_report, send_report
from pledges.services.signatures import record_paper_signature, sign_pledge
from scoring.models import Appeal, Award, Criterion, Nomination, Rubric, ScoreLine, ScoreSheet
from scoring.services.appeals import decide_appeal, file_appeal
from scoring.services.appraisal import (
    AppraisalDraft,
    accept_rest,
    appraise_lines,
    finish_appraisal,
)
from scoring.services.approval import approve_sheet
from scoring.services.ballots import BallotCount, record_ballot
from scoring.services.cross_checks import assign_cross_check, give_opinion
from scoring.services.decisions import record_council_decision
from scoring.services.disputes import raise_dispute, settle_dispute
from scoring.services.evidence import add_evidence
from scoring.services.explanations import (
    answer_explanation,
    close_explanations,
    explain_line,
    request_explanation,
)
from scoring.services.nominations import confirm_nominations, decide_nomination
from scoring.services.publication import publish_results
from scoring.services.quotas import set_award, set_quota
from scoring.services.rubrics import (
    comment_on_rubric,
    create_rubric,
    issue_rubric,
    open_rubric_consultation,
    reply_to_rubric_comment,
)
from scoring.services.sheets import LineDraft, save_lines, submit_sheet
from scoring.services.standing_decisions import exclude_member
from tests.story_rubric import CUT, answers, document

YEAR = 2025
PASSWORD = "mat-khau-thu-2026"
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"

ROLES = (
    "anonymous",
    "other_bloc",
    "officer",
    "leader",
    "member_officer",
    "member_leader",
    "cross_checker",
    "secretary",
    "deputy",
    "head",
    "last_head",
    "next_head",
    "former_officer",
    "board",
    "other_board",
    "administrator",
)

# The day of each moment; what happens then is the method of that name.
WHEN = {
    "founded": "2025-01-06",
    "draft": "2025-02-03",
    "consulting": "2025-02-17",
    "signing": "2025-03-10",
    "running": "2025-04-01",
    "self_scoring": "2025-11-17",
    "drafting": "2025-11-24",
    "submitted": "2025-12-04",
    "appraising": "2025-12-08",
    "explaining": "2025-12-10",
    "appraised": "2025-12-16",
    "approved": "2025-12-17",
    "tabled": "2025-12-19",
    "resolved": "2025-12-20",
    "adopted": "2025-12-22",
    "sent": "2025-12-26",
    "decided": "2026-01-15",
    "published": "2026-01-20",
    "closed": "2026-02-20",
}
MOMENTS = tuple(WHEN)

NAMES = {
    "head": "Sở Nội vụ",
    "deputy": "Sở Tư pháp",
    "own": "Sở Y tế",
    "other": "Sở Công Thương",
    "checker": "Sở Xây dựng",
    "next": "Sở Tài chính",
    "absent": "Sở Ngoại vụ",
}
# In a bloc of three a unit stands for those that are not there.
STANDS_FOR = {"other": "deputy", "checker": "deputy", "next": "own", "absent": ""}


def moment_of(day: str, hour: int = 9) -> dt.datetime:
    """That hour of an ISO date in Vietnam."""
    return dt.datetime.combine(dt.date.fromisoformat(day), dt.time(hour), clock.VIETNAM)


def a_pdf(number: int = 0) -> SimpleUploadedFile:
    """A small PDF; each number has other content."""
    return SimpleUploadedFile(
        f"minh-chung-{number}.pdf", PDF + b"%%%d\n" % number, content_type="application/pdf"
    )


class Story:
    """A bloc's year up to a moment. ``many`` is how many of everything that may be many."""

    def __init__(
        self, until: str = "closed", *, units: int = 7, lines: int = 3, many: int = 1
    ) -> None:
        self.lines, self.many = lines, many
        self.keys: dict[str, int] = {}
        self.units: dict[str, int] = {}
        self.people: dict[str, User] = {}
        names = [*NAMES, *(f"extra{number}" for number in range(max(0, units - len(NAMES))))]
        self.members = names[:units]
        self.moment, self.now = "", moment_of(WHEN["founded"])
        self.go_to(until)

    def go_to(self, until: str) -> Story:
        """Walk on to a later moment."""
        begun = MOMENTS.index(self.moment) + 1 if self.moment else 0
        for name in MOMENTS[begun : MOMENTS.index(until) + 1]:
            self.now = moment_of(WHEN[name])
            with self.clock():
                getattr(self, f"_{name}")()
            self.moment = name
        return self

    def clock(self, *, days: int = 0) -> AbstractContextManager[Any]:
        """The time of the moment at which the story stands, or some days later."""
        return clock.at(self.now + dt.timedelta(days=days, hours=2))

    def day(self, days: int = 0) -> dt.date:
        """The day of the moment, or some days later."""
        return self.now.date() + dt.timedelta(days=days)

    # ------------------------------------------------------------ what is there

    def called(self, unit: str) -> str:
        """The member that stands for ``unit``: itself in a bloc that is large enough."""
        return unit if unit in self.members else STANDS_FOR[unit]

    def leader_of(self, unit: str) -> User:
        """The leader of a unit."""
        return self.people[f"{self.called(unit)}:leader"]

    def officer_of(self, unit: str) -> User:
        """The officer of a unit."""
        return self.people[f"{self.called(unit)}:officer"]

    def person(self, role: str) -> User | None:
        """Whoever plays a role; None for nobody logged in."""
        places = {
            "officer": "own:officer",
            "leader": "own:leader",
            "member_officer": f"{self.called('other')}:officer",
            "member_leader": f"{self.called('other')}:leader",
            "cross_checker": f"{self.called('checker')}:officer",
            "secretary": "head:officer",
            "deputy": "deputy:leader",
            "head": "head:leader",
            "last_head": "last:leader",
            "next_head": f"{self.called('next')}:leader",
        }
        return None if role == "anonymous" else self.people[places.get(role, role)]

    @property
    def board(self) -> Board:
        return Board.objects.get(pk=self.keys["board"])

    @property
    def bloc(self) -> Bloc:
        return Bloc.objects.get(pk=self.keys["bloc"])

    @property
    def year(self) -> BlocYear:
        return BlocYear.objects.select_related("bloc", "board").get(pk=self.keys["year"])

    @property
    def pledge(self) -> Pledge:
        return Pledge.objects.select_related("bloc_year").get(bloc_year=self.keys["year"])

    @property
    def rubric(self) -> Rubric:
        return Rubric.objects.select_related("bloc_year").get(pk=self.keys["rubric"])

    def unit(self, name: str) -> Unit:
        known = name if name in self.units else self.called(name)
        return Unit.objects.get(pk=self.units[known])

    def membership(self, unit: str = "own") -> Membership:
        rows = Membership.objects.select_related("bloc_year", "unit")
        return rows.get(bloc_year=self.keys["year"], unit=self.units[self.called(unit)])

    def memberships(self) -> list[Membership]:
        return list(Membership.objects.filter(bloc_year=self.keys["year"]).order_by("pk"))

    def sheet(self, unit: str = "own") -> ScoreSheet:
        rows = ScoreSheet.objects.select_related("bloc_year", "membership", "rubric")
        return rows.get(membership=self.membership(unit))

    def line(self, code: str, unit: str = "own") -> ScoreLine:
        rows = ScoreLine.objects.select_related("criterion", "sheet__bloc_year")
        return rows.get(sheet=self.sheet(unit), criterion__code=code)

    def criterion(self, code: str) -> Criterion:
        return Criterion.objects.get(rubric=self.keys["rubric"], code=code)

    def nomination(self, unit: str = "own") -> Nomination:
        return Nomination.objects.select_related("bloc_year").get(membership=self.membership(unit))

    def award(self, code: str) -> Award:
        return Award.objects.get(board=self.keys["board"], code=code)

    def meeting(self, kind: str = MeetingKind.YEAR_END) -> Meeting:
        rows = Meeting.objects.filter(bloc_year=self.keys["year"], kind=kind)
        return rows.order_by("pk").first() or Meeting()

    def registration(self, unit: str = "own") -> Registration:
        return Registration.objects.get(membership=self.membership(unit))

    def report(self, unit: str = "own", kind: str = ReportKind.INTERIM) -> Report:
        return Report.objects.get(membership=self.membership(unit), kind=kind)

    def deadline(self, kind: str = DeadlineKind.SELF_SCORE) -> Deadline:
        return Deadline.objects.get(bloc_year=self.keys["year"], kind=kind)

    def document(self) -> dict[str, Any]:
        """The table by which the bloc scores."""
        return document(self.lines)

    def answers_of(self, unit: str) -> dict[str, dict[str, str]]:
        """What a unit enters, by criterion."""
        return answers(unit, self.lines)

    def step(self, name: str, by: str = "head", reason: str = "") -> None:
        """Take a step of the year."""
        person = self.person(by)
        assert person
        take_step(actor=person, bloc_year=self.year, name=name, reason=reason)

    # ------------------------------------------------------------ founding

    def _founded(self) -> None:
        admin = User.objects.create_superuser("quantri", PASSWORD, full_name="Quản Trị")
        self.people["administrator"] = admin
        board = self._board("Tỉnh Ví Dụ", "board")
        neighbour = self._board("Tỉnh Láng Giềng", "other_board")
        self.keys |= {"board": board.pk, "other_board": neighbour.pk}
        for name in self.members:
            self._unit(name, NAMES.get(name, f"Sở Ví dụ {name}"))
        self._unit("last", "Sở Giáo dục")
        self._unit("outside", "Sở Du lịch")
        self.people["other_bloc"] = self.people["outside:officer"]
        self.people["former_officer"] = self._former_officer()
        clerk = self.people["board"]
        bloc = create_bloc(actor=clerk, board=board, name="Khối số 1", kind=BlocKind.BLOC)
        other = create_bloc(actor=clerk, board=board, name="Khối số 2", kind=BlocKind.BLOC)
        self.keys["bloc"] = bloc.pk
        last = self._open_year(bloc, YEAR - 1, ["last", "own"])
        self._lead(bloc, YEAR - 1, "last", TermKind.HEAD)
        outside = self._open_year(other, YEAR, ["outside"])
        self.keys |= {"last_year": last.pk, "other_year": outside.pk, "other_bloc": other.pk}

    def _board(self, name: str, role: str) -> Board:
        admin = self.people["administrator"]
        board = create_board(
            actor=admin,
            name=name,
            council_name=f"Hội đồng Thi đua - Khen thưởng {name}",
            office_name="Ban Thi đua - Khen thưởng",
        )
        person = self._person(admin, role, f"Cán bộ {name}")
        appoint(
            actor=admin,
            user=person,
            board=board,
            role=PostRole.BOARD_OFFICER,
            title="Chuyên viên",
            starts_on=dt.date(2020, 1, 1),
        )
        self.people[role] = person
        return board

    def _person(self, actor: User, username: str, full_name: str) -> User:
        return create_person(
            actor=actor,
            username=username,
            full_name=full_name,
            phone="0987000111",
            password=PASSWORD,
        )

    def _unit(self, name: str, title: str) -> None:
        clerk = self.people["board"]
        unit = create_unit(
            actor=clerk,
            board=self.board,
            name=title,
            kind=UnitKind.STATE,
            issuing_style=IssuingStyle.STATE,
        )
        self.units[name] = unit.pk
        for role, title_ in ((PostRole.LEADER, "Giám đốc"), (PostRole.OFFICER, "Chuyên viên")):
            person = self._person(clerk, f"{name}-{role}", f"{title_} {title}")
            self.people[f"{name}:{role}"] = person
            self._appoint(person, unit, role, title_)

    def _appoint(self, person: User, unit: Unit, role: str, title: str) -> Post:
        return appoint(
            actor=self.people["board"],
            user=person,
            unit=unit,
            role=role,
            title=title,
            starts_on=dt.date(2020, 1, 1),
        )

    def _former_officer(self) -> User:
        person = self._person(self.people["board"], "canbocu", "Cán Bộ Cũ")
        post = self._appoint(person, self.unit("own"), PostRole.OFFICER, "Chuyên viên")
        end_post(actor=self.people["board"], post=post, ends_on=dt.date(2024, 12, 31))
        return person

    def _open_year(self, bloc: Bloc, year: int, names: list[str]) -> BlocYear:
        clerk = self.people["board"]
        bloc_year = create_bloc_year(
            actor=clerk, bloc=bloc, year=year, name=bloc.name, issuing_style=IssuingStyle.STATE
        )
        for name in names:
            add_member(actor=clerk, bloc_year=bloc_year, unit=Unit.objects.get(pk=self.units[name]))
        return bloc_year

    def _lead(self, bloc: Bloc, year: int, unit: str, kind: str) -> HeadTerm:
        return set_term(
            actor=self.people["board"],
            bloc=bloc,
            year=year,
            unit=Unit.objects.get(pk=self.units[unit]),
            kind=kind,
            source=TermSource.ANNOUNCED,
            decided_on=dt.date(2024, 12, 20),
        )

    # ------------------------------------------------------------ up to signing

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

    # ------------------------------------------------------------ the running year

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

    # ------------------------------------------------------------ appraisal

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

    # ------------------------------------------------------------ the meeting

    def _tabled(self) -> None:
        """The table lies before the meeting: a dispute and a tie wait."""
        self.step("table")
        record_meeting(
            actor=self.officer_of("head"),
            bloc_year=self.year,
            kind=MeetingKind.YEAR_END,
            held_on=self.day(),
            place="Hội trường Sở Nội vụ",
            minutes="Hội nghị nghe báo cáo và thảo luận.",
        )

    def _resolved(self) -> None:
        """Who came is recorded, the dispute settled, the tie voted on, next year's head elected."""
        self._everyone_came(self.meeting())
        self.settle()
        if {"own", "other"} <= set(self.members):
            self.vote()
        record_election(
            actor=self.officer_of("head"),
            bloc_year=self.year,
            head=self.unit("next"),
            deputies=[self.unit("deputy")],
            decided_on=self.day(),
        )

    def settle(self) -> None:
        """The meeting keeps the points in dispute."""
        from scoring.models import Dispute

        dispute = Dispute.objects.select_related("sheet__membership").get(pk=self.keys["dispute"])
        settle_dispute(
            actor=self.officer_of("head"),
            dispute=dispute,
            resolution="Hội nghị giữ điểm thẩm định.",
            meeting=self.meeting(),
        )

    def vote(self) -> None:
        """The members put own before other."""
        count = BallotCount(
            method="secret", eligible=7, issued=7, returned=7, valid=7, invalid=0, counters="Tổ 1"
        )
        votes = {self.membership("own").pk: 4, self.membership("other").pk: 3}
        ballot = record_ballot(
            actor=self.officer_of("head"),
            bloc_year=self.year,
            meeting=self.meeting(),
            count=count,
            votes=votes,
        )
        self.keys["ballot"] = ballot.pk

    # ------------------------------------------------------------ results

    def _adopted(self) -> None:
        self.step("adopt")

    def _sent(self) -> None:
        confirm_nominations(actor=self.leader_of("head"), bloc_year=self.year)
        self._decide_the_rest()
        self.step("submit")

    def _decide_the_rest(self) -> None:
        for nomination in Nomination.objects.filter(bloc_year=self.year, status="proposed"):
            decide_nomination(
                actor=self.leader_of("head"),
                nomination=nomination,
                award=None,
                reason="Hội nghị thống nhất không đề nghị",
            )

    def _decided(self) -> None:
        self.decide()
        self.step("decide", by="board")

    def decide(self) -> None:
        """The Council approves every proposal."""
        rows = Nomination.objects.filter(bloc_year=self.year, award__isnull=False)
        for nomination in rows.order_by("pk"):
            record_council_decision(
                actor=self.people["board"],
                nomination=nomination,
                outcome="approved",
                document_number="12/QĐ-UBND",
                decided_on=self.day(-2),
            )

    def _published(self) -> None:
        """Published; ``absent`` has appealed against not being considered."""
        publish_results(actor=self.people["board"], bloc_year=self.year)
        unit = "absent" if "absent" in self.members else "deputy"
        appeal = file_appeal(
            actor=self.officer_of(unit),
            membership=self.membership(unit),
            text="Đề nghị xem xét lại kết quả của đơn vị.",
        )
        self.keys["appeal"] = appeal.pk

    def _closed(self) -> None:
        decide_appeal(
            actor=self.people["board"],
            appeal=Appeal.objects.get(pk=self.keys["appeal"]),
            decision="Giữ nguyên kết quả.",
        )
        self.step("close", by="board")


def dec(text: str) -> Any:
    """A decimal."""
    from decimal import Decimal

    return Decimal(text)


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

__all__ = [
    "MOMENTS",
    "ROLES",
    "WHEN",
    "Story",
    "a_pdf",
    "moment_of",
    "name_secretary",
]
