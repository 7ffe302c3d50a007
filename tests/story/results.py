"""The dossier, the Council's decision, publication, the appeal."""

from __future__ import annotations

from scoring.models import Appeal, Nomination
from scoring.services.appeals import decide_appeal, file_appeal
from scoring.services.decisions import record_council_decision
from scoring.services.nominations import confirm_nominations, decide_nomination
from scoring.services.publication import publish_results
from tests.story.meeting import AtTheMeeting


class Results(AtTheMeeting):
    """The dossier, the Council's decision, publication, the appeal."""

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
