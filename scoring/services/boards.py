"""Awards when boards merge: what open years propose and receive is called as the heir calls it.

Closed years keep the awards of their own board, as their papers do.
"""

from __future__ import annotations

from collections.abc import Iterator

from blocs.enums import YearStatus
from blocs.models import BlocYear, Board
from scoring.models import Award, AwardQuota, CouncilDecision, Nomination, ScoreSheet


def awards_passing(former: Board, heir: Board) -> Iterator[str]:
    """Yield what becomes of the former board's awards in its open years: three queries."""
    theirs = {award.code: award for award in Award.objects.filter(board=heir)}
    ours = list(Award.objects.filter(board=former).order_by("position", "pk"))
    if not ours:
        return
    added = [award.label for award in ours if award.code not in theirs]
    if added:
        yield f"Thêm vào danh mục khen thưởng của {heir.place}: {'; '.join(added)}."
    for award in ours:
        same = theirs.get(award.code)
        if same and same.label != award.label:
            yield f"“{award.label}” trong các năm đang mở được gọi là “{same.label}”."
    open_years = BlocYear.objects.filter(board=former).exclude(status=YearStatus.CLOSED)
    quotas = AwardQuota.objects.filter(bloc_year__in=open_years).count()
    if quotas:
        yield f"{quotas} chỉ tiêu khen thưởng đã đặt cho các năm đang mở giữ nguyên số lượng."


def pass_awards(former: Board, heir: Board) -> None:
    """Carry the former board's awards and sheets over with its open years.

    Effects, in order: awards the heir lacks are added under their code; quotas, proposals and
    decisions of the years that now stand under the heir name the heir's award of that code; their
    sheets stand under the heir. Called in the transaction of the merger.
    """
    for award in Award.objects.filter(board=former).order_by("position", "pk"):
        same, _ = Award.objects.get_or_create(
            board=heir,
            code=award.code,
            defaults={"label": award.label, "position": award.position},
        )
        AwardQuota.objects.filter(award=award, bloc_year__board=heir).update(award=same)
        Nomination.objects.filter(award=award, bloc_year__board=heir).update(award=same)
        CouncilDecision.objects.filter(award=award, nomination__bloc_year__board=heir).update(
            award=same
        )
    sheets = ScoreSheet.objects.filter(board=former, membership__bloc_year__board=heir)
    sheets.update(board=heir)
