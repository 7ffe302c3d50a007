"""The demonstration, told once: it says what the reports say, and everybody can read its pages.

The pages are walked as each of its roles and looked at in a real browser, on one of the two
databases only: what a page shows does not depend on it.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from playwright.sync_api import Browser

from blocs.enums import AccountState, DeadlineKind, YearStatus
from blocs.models import (
    Bloc,
    BlocYear,
    Board,
    BoardDeadline,
    Deadline,
    DeadlineExtension,
    HeadTerm,
    Meeting,
    Membership,
    StructureChange,
    Succession,
    Unit,
)
from blocs.selectors.people import people_within, reach_of, state_counts, with_invitations
from emulation.management.demo.stories import load
from emulation.models import User
from pledges.models import PledgeSignature, Report
from scoring.enums import RubricStatus, SheetStatus
from scoring.models import Evidence, Nomination, RankingRow, Rubric, RubricComment, ScoreSheet
from scoring.selectors.rubric_versions import changes_between
from tests.demo.looking import looker
from tests.demo.walking import distinct

pytestmark = pytest.mark.django_db

ENOUGH = 70  # kinds of pages; fewer mean that the walk lost its way
# One person of each role; who comes later adds what the pages of those before did not show.
ROLES = (
    *("canbo1", "lanhdao2", "thuky", "truongkhoi", "phokhoi", "kiemtracheo", "ban"),
    *("thaibinh", "quantri"),
)


def year_of(board: str, number: int) -> BlocYear:
    return BlocYear.objects.get(board__name__contains=board, year=number)


def places(bloc_year: BlocYear) -> list[int | None]:
    rows = RankingRow.objects.filter(snapshot__bloc_year=bloc_year)
    ranks = [row.rank for row in rows]
    return sorted(rank for rank in ranks if rank) + [rank for rank in ranks if rank is None]


def test_it_tells_what_the_reports_tell(told: str) -> None:
    _check_the_real_blocs()
    _check_the_example()
    _check_the_changes()
    _check_who_has_come()
    _check_the_accounts(told)
    call_command("check_invariants")
    before = Bloc.objects.count()
    call_command("seed_demo", "--if-empty")
    assert Bloc.objects.count() == before
    with pytest.raises(CommandError, match="already"):
        call_command("seed_demo")


def _check_the_real_blocs() -> None:
    first, second = year_of("Cần Thơ", 2018), year_of("Cần Thơ", 2023)
    assert (first.declared_count, first.memberships.count()) == (12, 11)
    assert first.status == YearStatus.RUNNING
    comments = RubricComment.objects.filter(rubric__bloc_year=first)
    assert {each.text for each in comments} == {
        "Xem xét lại thang điểm cộng",
        "Xem xét lại thang điểm trừ",
        "Điều chỉnh nội dung trùng lặp",
        "Quy định thời gian gửi báo cáo cụ thể",
    }
    assert second.bloc_id == first.bloc_id
    assert second.memberships.count() == 5
    assert first.name != second.name
    assert year_of("Kiên Giang", 2018).memberships.filter(is_example=False).count() == 7
    _check_quang_binh()
    _check_thai_binh()
    for bloc_year in (first, second, year_of("Kiên Giang", 2018), year_of("Quảng Bình", 2016)):
        assert not ScoreSheet.objects.filter(bloc_year=bloc_year).exists()
        members = bloc_year.memberships.count()
        signed = PledgeSignature.objects.filter(pledge__bloc_year=bloc_year)
        assert signed.count() == members


def _check_quang_binh() -> None:
    bloc_year = year_of("Quảng Bình", 2016)
    known = bloc_year.memberships.filter(is_example=False)
    assert [each.unit_name for each in known] == ["Ban Nội chính Tỉnh ủy"]
    assert bloc_year.memberships.filter(is_example=True).exists()
    assert Report.objects.get(bloc_year=bloc_year).membership is None
    assert Meeting.objects.filter(bloc_year=bloc_year, held_on=dt.date(2016, 7, 1)).exists()


def _check_thai_binh() -> None:
    bloc_year = year_of("Thái Bình", 2022)
    assert bloc_year.status == YearStatus.ADOPTED
    assert places(bloc_year) == [1, 2, 3, 3, None]
    awards = {
        each.membership.unit_name: each.award.code
        for each in Nomination.objects.filter(bloc_year=bloc_year, award__isnull=False)
    }
    assert awards == {
        "Ban Bảo vệ chăm sóc sức khỏe cán bộ tỉnh": "GOV_FLAG",
        "Ủy ban Kiểm tra Tỉnh ủy": "PROV_FLAG",
        "Trường Chính trị tỉnh": "PROV_MERIT",
        "Đảng ủy Khối các cơ quan tỉnh": "PROV_MERIT",
    }
    assert all(sheet.is_example for sheet in ScoreSheet.objects.filter(bloc_year=bloc_year))
    following = HeadTerm.objects.filter(bloc=bloc_year.bloc, year=2023).order_by("kind", "position")
    assert [(term.kind, term.unit.name) for term in following] == [
        ("deputy", "Đảng ủy Khối các cơ quan tỉnh"),
        ("deputy", "Đảng ủy Khối Doanh nghiệp tỉnh"),
        ("head", "Trường Chính trị tỉnh"),
    ]


def _check_the_example() -> None:
    years = BlocYear.objects.filter(board__is_example=True, bloc__name__contains="cơ quan Đảng")
    last, current = years.order_by("year")
    assert last.published_at is not None
    assert places(last) == [1, 2, 3, 3, *range(5, 14), None]
    outcomes = Nomination.objects.filter(bloc_year=last, decision__outcome="lowered")
    assert outcomes.count() == 1
    assert current.status == YearStatus.SELF_SCORING
    statuses = set(ScoreSheet.objects.filter(bloc_year=current).values_list("status", flat=True))
    assert statuses == set(SheetStatus) - {SheetStatus.SECOND_ROUND}
    _check_the_revision(current)


def _check_the_revision(bloc_year: BlocYear) -> None:
    """The year's table was issued twice; every sheet is scored on the second."""
    first, second = Rubric.objects.filter(bloc_year=bloc_year).order_by("version")
    assert (first.status, second.status) == (RubricStatus.SUPERSEDED, RubricStatus.ISSUED)
    assert second.document_number == "12/QĐ-KTĐ"
    changed = {each.code for each in changes_between(first, second)}
    assert changed == {"A4", "C4", "D1", "F2"}
    sheets = ScoreSheet.objects.filter(bloc_year=bloc_year)
    assert set(sheets.values_list("rubric", flat=True)) == {second.pk}


def _check_the_changes() -> None:
    """One agency came of two, one changed its bloc, the province has common days."""
    current = BlocYear.objects.get(board__is_example=True, status="self_scoring")
    second = BlocYear.objects.get(board__is_example=True, status="consulting")
    heir = Unit.objects.get(name="Ban Tuyên giáo và Dân vận Tỉnh ủy")
    before = Succession.objects.filter(successor=heir).values_list("predecessor__name", flat=True)
    assert set(before) == {"Ban Tuyên giáo Tỉnh ủy", "Ban Dân vận Tỉnh ủy"}
    left = current.memberships.filter(ends_on__isnull=False).values_list("unit_name", flat=True)
    moved = Membership.objects.get(bloc_year=second, starts_on__isnull=False)
    assert set(left) == {*before, moved.unit_name}
    assert current.declared_count == current.memberships.filter(ends_on__isnull=True).count() == 12
    assert PledgeSignature.objects.filter(membership__unit=heir).exists()
    cited = Evidence.objects.get(source__isnull=False)
    assert cited.line.sheet.membership.unit == heir
    assert cited.source.line.sheet.membership.unit_name == "Ban Tuyên giáo Tỉnh ủy"
    kinds = StructureChange.objects.filter(board__is_example=True).values_list("kind", flat=True)
    assert sorted(kinds) == ["member_moved", "units_merged"]
    _check_the_common_days(current, second)


def _check_the_common_days(current: BlocYear, second: BlocYear) -> None:
    common = BoardDeadline.objects.get(year=current.year, kind=DeadlineKind.SELF_SCORE)
    assert BoardDeadline.objects.count() == 4
    apart = Deadline.objects.get(is_exception=True)
    assert (apart.bloc_year, apart.kind) == (second, DeadlineKind.SELF_SCORE)
    assert apart.due_on > common.due_on
    assert apart.exception_reason
    own = DeadlineExtension.objects.get()
    assert own.deadline.due_on == common.due_on
    assert own.membership.bloc_year == current


def _check_who_has_come() -> None:
    """All but five of the example province's people, of whom four hold an invitation."""
    board = Board.objects.get(is_example=True)
    people = with_invitations(people_within(reach_of(User.objects.get(username="ban"))))
    found = state_counts(people)
    assert (found[AccountState.INVITED], found[AccountState.NOT_INVITED]) == (4, 1)
    assert found[AccountState.COME] == people.count() - 5 > 30
    assert board.posts.count() == 2


def _check_the_accounts(printed: str) -> None:
    wanted = (
        "quantri ban banthaibinh bancantho bankiengiang banquangbinh truongkhoi phokhoi thuky "
        "kiemtracheo lanhdao1 canbo1 lanhdao2 canbo2 thaibinh"
    )
    usernames = wanted.split()
    known = {user.username for user in User.objects.all() if user.has_usable_password()}
    assert known == set(usernames)
    password = load("real_blocs")["password"]
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    assert f"Password: `{password}`" in readme
    for username in usernames:
        assert f"`{username}`" in readme
        assert username in printed


@pytest.mark.browser
@pytest.mark.usefixtures("told")
def test_every_page_can_be_read(browser: Browser) -> None:
    """As each role: nothing serious for axe-core, nothing wider than a phone."""
    pages = distinct(ROLES)
    assert len({page.name for page in pages}) > ENOUGH
    with looker(browser, pages) as looking:
        faults = {f"{page.who or 'nobody'} {page.url}": looking.faults(page) for page in pages}
    assert {where: found for where, found in faults.items() if found} == {}
