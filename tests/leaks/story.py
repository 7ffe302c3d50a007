"""The story with a secret in everything that a unit writes, uploads, scores or is told.

A word such as ``BIMAT-own-GHICHU`` names its owner and its kind, and so does every figure: each
unit's points have a fraction of their own (``83,37``), each phone its own number. What is found in
an answer can so be set against the table of who sees what.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from blocs.enums import DeadlineKind
from blocs.services.deadlines import extend_deadline
from blocs.services.people import create_person
from emulation.models import User
from pledges.enums import ReportKind
from pledges.services.comments import comment_on_pledge
from pledges.services.registrations import TargetDraft, save_registration, send_registration
from pledges.services.reports import save_report, send_report
from scoring.models import CrossCheck, Dispute, Explanation, Nomination, ScoreLine
from scoring.services.appeals import file_appeal
from scoring.services.appraisal import (
    AppraisalDraft,
    accept_rest,
    appraise_lines,
    finish_appraisal,
)
from scoring.services.approval import approve_sheet
from scoring.services.cross_checks import give_opinion
from scoring.services.decisions import record_council_decision
from scoring.services.disputes import raise_dispute, settle_dispute
from scoring.services.evidence import add_evidence
from scoring.services.explanations import (
    answer_explanation,
    close_explanations,
    explain_line,
    request_explanation,
)
from scoring.services.nominations import decide_nomination
from scoring.services.rubrics import comment_on_rubric
from scoring.services.sheets import LineDraft, save_lines
from scoring.services.standing_decisions import exclude_member
from tests.story import NAMES, PASSWORD, PDF, Story, dec

UNITS = tuple(NAMES)
SILENT = "checker"  # saves its registration and its report, and never sends them
# The hundredths of each unit's own points, then of the points the appraisal leaves it.
FRACTIONS = {
    "head": ("11", "13"),
    "deputy": ("29", "31"),
    "own": ("37", "41"),
    "other": ("53", "47"),
    "checker": ("59", "61"),
    "next": ("79", "73"),
    "absent": ("97", "89"),
}
SELF_WHOLE, CUT_WHOLE = 19, 16


def word(unit: str, kind: str) -> str:
    """The secret word of one kind of one unit."""
    return f"BIMAT-{unit}-{kind}"


def own_points(unit: str) -> str:
    """What the unit gives itself for B1."""
    return f"{SELF_WHOLE},{FRACTIONS[unit][0]}"


def cut_points(unit: str) -> str:
    """What the appraisal leaves of it."""
    return f"{CUT_WHOLE},{FRACTIONS[unit][1]}"


def phone_of(unit: str) -> str:
    """The telephone number of a unit's officer."""
    return f"09881770{UNITS.index(unit):02d}"


def numerator_of(unit: str) -> str:
    """The figure a unit enters for A1."""
    return str(91_037 + 101 * UNITS.index(unit))


def figures() -> dict[str, tuple[str, str]]:
    """Every figure that is a secret, by its digits: its kind and its owner.

    A makes 60 for everybody, B is B1 and 20, D makes 3; two faults at A2 cost 2.
    """
    found: dict[str, tuple[str, str]] = {}
    for unit, (own, cut) in FRACTIONS.items():
        for whole, fraction, stage in ((SELF_WHOLE, own, "own"), (CUT_WHOLE, cut, "appraised")):
            found[f"{whole}.{fraction}"] = (f"{stage}_line", unit)
            found[f"{whole + 20}.{fraction}"] = (f"{stage}_total", unit)
            found[f"{whole + 20 + 58 + 3}.{fraction}"] = (f"{stage}_total", unit)
        found[numerator_of(unit)] = ("own_line", unit)
        found[phone_of(unit)] = ("phone", unit)
    return found


class SecretStory(Story):
    """The year of seven units, each with its secrets."""

    def document(self) -> dict[str, Any]:
        table = super().document()
        table["sections"][1]["criteria"][0]["step"] = "0.01"
        return table

    def answers_of(self, unit: str) -> dict[str, dict[str, str]]:
        known = unit if unit != "absent" else "own"
        figure = numerator_of(unit)
        return super().answers_of(known) | {
            "A1": {"numerator": figure, "denominator": figure},
            "A2": {"n": "2"},
            "B1": {"points": own_points(unit)},
        }

    def leader_over(self, unit: str) -> User:
        """Who approves the sheet of a unit."""
        return self.leader_of("deputy" if unit == "head" else "head")

    def officer_over(self, unit: str) -> User:
        """Who appraises the sheet of a unit."""
        return self.officer_of("deputy" if unit == "head" else "head")

    @property
    def scored(self) -> list[str]:
        """The members that hand their sheets in."""
        return [unit for unit in self.members if unit != "absent"]

    def row(self, code: str, unit: str) -> ScoreLine:
        """One line of one unit."""
        return self.line(code, unit)

    # ------------------------------------------------------------ before scoring

    def _person(self, actor: User, username: str, full_name: str) -> User:
        unit, _, role = username.partition("-")
        if role != "officer" or unit not in UNITS:
            return super()._person(actor, username, full_name)
        return create_person(
            actor=actor,
            username=username,
            full_name=full_name,
            phone=phone_of(unit),
            password=PASSWORD,
        )

    def _consulting(self) -> None:
        super()._consulting()
        for unit in UNITS:
            member, officer = self.membership(unit), self.officer_of(unit)
            text = word(unit, "GOPY")
            comment_on_pledge(
                actor=officer, pledge=self.pledge, item=None, membership=member, text=text
            )
            comment_on_rubric(actor=officer, rubric=self.rubric, membership=member, text=text)

    def _running(self) -> None:
        super()._running()
        self._report("own", ReportKind.YEAR_END)

    def _register(self, unit: str) -> None:
        member, officer = self.membership(unit), self.officer_of(unit)
        text = word(unit, "DANGKY")
        targets = [TargetDraft(text, dec("98"), "%")]
        save_registration(actor=officer, membership=member, targets=targets, titles=[text])
        if unit not in {"own", SILENT}:
            send_registration(actor=officer, membership=member)

    def _report(self, unit: str, kind: ReportKind) -> None:
        officer, text = self.officer_of(unit), word(unit, "BAOCAO")
        report = save_report(
            actor=officer,
            bloc_year=self.year,
            membership=self.membership(unit),
            kind=kind,
            results=text,
            limitations=text,
            next_tasks=text,
        )
        if unit not in {"own", SILENT}:
            send_report(actor=officer, report=report)

    def _self_scoring(self) -> None:
        super()._self_scoring()
        for unit in UNITS:
            extend_deadline(
                actor=self.leader_over(unit),
                deadline=self.deadline(DeadlineKind.SELF_SCORE),
                membership=self.membership(unit),
                due_on=dt.date(2025, 12, 9),
                reason=word(unit, "GIAHAN"),
            )

    # ------------------------------------------------------------ self-score

    def _drafting(self) -> None:
        """Every sheet is filled in and none handed in."""
        for unit in UNITS:
            self._fill(unit)

    def _fill(self, unit: str) -> None:
        if f"evidence:{unit}" in self.keys:
            return
        super()._fill(unit)
        officer = self.officer_of(unit)
        for code in ("A1", "B1"):
            line = self.row(code, unit)
            draft = LineDraft(
                raw=self.answers_of(unit)[code], version=line.version, note=word(unit, "GHICHU")
            )
            save_lines(actor=officer, sheet=line.sheet, lines={line.criterion_id: draft})
        content = PDF + word(unit, "NOIDUNG").encode()
        upload = SimpleUploadedFile(f"{word(unit, 'TEP')}.pdf", content, "application/pdf")
        evidence = add_evidence(
            actor=officer,
            line=self.row("B1", unit),
            uploaded=upload,
            title=word(unit, "MINHCHUNG"),
            number=word(unit, "SOHIEU"),
            issued_on=dt.date(2025, 11, 1),
            issuer=word(unit, "NOIBANHANH"),
            kept_at=word(unit, "NOILUU"),
        )
        self.keys[f"secret_evidence:{unit}"] = evidence.pk

    # ------------------------------------------------------------ appraisal

    def _appraising(self) -> None:
        """Every line is judged; B1 is cut; nobody has been asked."""
        self.step("start_appraising", reason="Đơn vị chưa nộp sẽ được xem xét sau")
        check = CrossCheck.objects.get(pk=self.keys["check"])
        opinion = word("own", "YKIEN")
        give_opinion(actor=self.officer_of("checker"), check=check, opinion=opinion)
        for unit in self.scored:
            line, officer = self.row("B1", unit), self.officer_over(unit)
            cut = AppraisalDraft(
                line.version, raw={"points": cut_points(unit)}, reason=word(unit, "LYDO")
            )
            appraise_lines(actor=officer, sheet=line.sheet, lines={line.criterion_id: cut})
            accept_rest(actor=officer, sheet=self.sheet(unit))

    def _explaining(self) -> None:
        """Every unit argues about its cut line."""
        for unit in self.scored:
            request_explanation(
                actor=self.officer_over(unit), sheet=self.sheet(unit), due_on=self.day(5)
            )
            explanation = explain_line(
                actor=self.officer_of(unit),
                line=self.row("B1", unit),
                agrees=False,
                text=word(unit, "GIAITRINH"),
            )
            self.keys[f"explanation:{unit}"] = explanation.pk

    def _appraised(self) -> None:
        for unit in self.scored:
            answer_explanation(
                actor=self.leader_over(unit),
                explanation=Explanation.objects.get(pk=self.keys[f"explanation:{unit}"]),
                answer=word(unit, "TRALOI"),
            )
            close_explanations(actor=self.officer_over(unit), sheet=self.sheet(unit))
            finish_appraisal(actor=self.officer_over(unit), sheet=self.sheet(unit))

    def _approved(self) -> None:
        for unit in self.scored:
            approve_sheet(actor=self.leader_over(unit), sheet=self.sheet(unit))
            raise_dispute(
                actor=self.officer_of(unit),
                sheet=self.sheet(unit),
                line=self.row("B1", unit),
                text=word(unit, "KHIEUNAI"),
            )
        decision = exclude_member(
            actor=self.leader_of("head"),
            membership=self.membership("absent"),
            ground="no_sheet",
            reason=word("absent", "KHONGXET"),
        )
        self.keys["exclusion"] = decision.pk

    # ------------------------------------------------------------ the meeting and after

    def settle(self) -> None:
        rows = Dispute.objects.select_related("sheet__membership", "line")
        for dispute in rows.filter(sheet__bloc_year=self.keys["year"]).order_by("pk"):
            unit = self.name_of(dispute.sheet.membership.unit_id)
            settle_dispute(
                actor=self.officer_over(unit),
                dispute=dispute,
                resolution=word(unit, "KETLUAN"),
                meeting=self.meeting(),
            )

    def name_of(self, unit_id: int | None) -> str:
        """The name by which the story calls a unit."""
        return next(name for name, key in self.units.items() if key == unit_id)

    def vote(self) -> None:
        """Nobody is tied."""

    def _decide_the_rest(self) -> None:
        rows = Nomination.objects.filter(bloc_year=self.year, status="proposed")
        for nomination in rows.select_related("membership").order_by("pk"):
            decide_nomination(
                actor=self.leader_of("head"),
                nomination=nomination,
                award=None,
                reason="Hội nghị thống nhất không đề nghị",
            )

    def decide(self) -> None:
        rows = Nomination.objects.filter(bloc_year=self.year, award__isnull=False)
        for nomination in rows.select_related("membership").order_by("pk"):
            unit = self.name_of(nomination.membership.unit_id)
            record_council_decision(
                actor=self.people["board"],
                nomination=nomination,
                outcome="approved",
                document_number=word(unit, "QUYETDINH"),
                decided_on=self.day(-2),
            )

    def _published(self) -> None:
        super()._published()
        for unit in ("own", "head"):
            file_appeal(
                actor=self.officer_of(unit),
                membership=self.membership(unit),
                text=word(unit, "KIENNGHI"),
            )
