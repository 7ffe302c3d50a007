"""What blocs puts on "Việc cần làm": the year's steps, its list, deadlines, meetings, terms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.urls import reverse

from blocs.enums import DeadlineKind, MeetingKind, PostRole, TermKind, YearStatus
from blocs.models import BlocYear, HeadTerm, Meeting
from blocs.selectors.blockers import MINIMUM_MEMBERS
from blocs.selectors.deadlines import unset_kinds
from blocs.selectors.meetings import meetings_of
from blocs.selectors.members import members_not_ended, people_of
from blocs.selectors.names import unit_names
from blocs.selectors.standing import heads_by_year, heads_of, posts_today, standing_in
from blocs.selectors.units import boards_of
from blocs.selectors.years import YearFilter, filter_years, years_served_by
from blocs.services.steps import BY_BOARD, FORWARD, YEAR_WORKFLOW
from blocs.standing import Standing
from emulation import clock
from emulation.models import User
from emulation.tasks import Awaited, Desk, Task
from emulation.vietnamese import format_date, join_names
from emulation.workflow import Offer

S = YearStatus
# Kinds that a year must have before it is run; the others are set when their time comes.
EARLY_KINDS = (
    DeadlineKind.REGISTRATION,
    DeadlineKind.INTERIM_REPORT,
    DeadlineKind.SELF_SCORE,
)


@dataclass(frozen=True, slots=True)
class Seat:
    """A person's place in one open year, with the year's next step as offered to him or her."""

    year: BlocYear
    standing: Standing
    forward: Offer | None

    @property
    def capacity(self) -> str:
        """The words under which tasks are grouped."""
        role = "Trưởng khối" if self.standing.leads_head else "Thư ký Khối"
        return f"{role} · {self.year}"

    @property
    def url(self) -> str:
        """The bloc-year page."""
        return self.page("bloc_year")

    def page(self, name: str) -> str:
        """Return the address of one of the year's pages."""
        return reverse(name, args=[self.year.pk])


def desk(user: User) -> Desk:
    """Return the tasks of blocs for every post of the person, and whom he or she waits for."""
    seats = list(_seats(user))
    tasks = [task for seat in seats for task in _seat_tasks(seat)]
    awaited = [each for seat in seats for each in _awaited(seat)]
    return Desk((*_board_tasks(user), *tasks, *_new_year_tasks(user)), tuple(awaited))


# ---------------------------------------------------------------- secretary and head


def _seats(user: User) -> Iterator[Seat]:
    """Yield the open years in which the person works for the head; few, whatever the list."""
    for year in years_served_by(user).exclude(status=S.CLOSED).select_related("bloc", "board"):
        standing = standing_in(user, year)
        if standing.is_secretary:
            yield Seat(year, standing, _forward(user, year))


def _forward(user: User, year: BlocYear) -> Offer | None:
    name = next((each.name for each in FORWARD if year.status in each.sources), None)
    return YEAR_WORKFLOW.offer(user, year, name) if name else None


def _seat_tasks(seat: Seat) -> Iterator[Task]:
    yield from _step_task(seat)
    yield from _list_task(seat)
    yield from _deadline_task(seat)
    yield from _meeting_tasks(seat)
    yield from _election_task(seat)


def _step_task(seat: Seat) -> Iterator[Task]:
    """The next step, where the person takes it; what blocks it, where somebody else does."""
    offer = seat.forward
    if offer is None or offer.transition.name in BY_BOARD:
        return
    title = f"{offer.transition.label}: {seat.year.name}"
    if offer.hard:
        blocked = " ".join(_said(blocker.text, blocker.names) for blocker in offer.hard)
        yield Task(
            seat.capacity,
            f"Gỡ vướng để “{offer.transition.label}”",
            seat.url,
            detail=blocked,
            count=f"{len(offer.hard)} việc",
            ready=seat.year.status != S.RUNNING,
        )
    elif offer.verdict:
        detail = " ".join(_said(blocker.text, blocker.names) for blocker in offer.soft)
        yield Task(
            seat.capacity,
            title,
            seat.url,
            detail=detail or offer.transition.what_next,
            ready=not offer.soft,
        )


def _said(text: str, names: Iterable[str]) -> str:
    named = join_names(list(names))
    return f"{text} {named}." if named else text


def _list_task(seat: Seat) -> Iterator[Task]:
    if seat.year.status != S.DRAFT:
        return
    listed = members_not_ended(seat.year).count()
    if listed < MINIMUM_MEMBERS:
        yield Task(
            seat.capacity,
            "Lập danh sách đơn vị thành viên",
            seat.page("member_list"),
            detail="Theo quyết định phân chia khối.",
            count=f"{listed} đơn vị",
        )


def _deadline_task(seat: Seat) -> Iterator[Task]:
    if seat.year.step.reached(S.SELF_SCORING):
        return
    missing = [kind for kind in unset_kinds(seat.year) if kind in EARLY_KINDS]
    if missing:
        yield Task(
            seat.capacity,
            "Đặt thời hạn của năm",
            seat.page("deadline_edit"),
            detail="Chưa đặt: " + join_names([kind.label for kind in missing]) + ".",
            count=f"{len(missing)} hạn",
        )


def _meeting_tasks(seat: Seat) -> Iterator[Task]:
    meetings = list(meetings_of(seat.year).prefetch_related("attendance"))
    kinds = {meeting.kind for meeting in meetings}
    for kind, status in ((MeetingKind.SIGNING, S.SIGNING), (MeetingKind.YEAR_END, S.MEETING)):
        if seat.year.status == status and kind not in kinds:
            yield Task(
                seat.capacity,
                f"Ghi {kind.label.lower()}",
                seat.page("meeting_add"),
                detail="Ngày, địa điểm, thành phần dự họp và biên bản.",
            )
    for meeting in meetings:
        yield from _unfinished(seat, meeting)


def _unfinished(seat: Seat, meeting: Meeting) -> Iterator[Task]:
    """A meeting that was held and of which nobody noted who came."""
    if meeting.held_on > clock.today() or meeting.attendance.all():
        return
    if seat.year.status == S.ADOPTED or seat.year.step.reached(S.SUBMITTED):
        return
    yield Task(
        seat.capacity,
        "Ghi thành phần dự họp",
        reverse("meeting_attendance", args=[seat.year.pk, meeting.pk]),
        detail=f"{meeting.get_kind_display()} ngày {format_date(meeting.held_on)}.",
    )


def _election_task(seat: Seat) -> Iterator[Task]:
    following = seat.year.year + 1
    if not seat.year.step.reached(S.ADOPTED) or _has_head(seat.year.bloc_id, following):
        return
    yield Task(
        seat.capacity,
        f"Ghi kết quả bầu Trưởng khối năm {following}",
        seat.page("election"),
        detail="Theo biên bản bầu tại hội nghị tổng kết.",
    )


def _has_head(bloc_id: int, year: int) -> bool:
    terms = HeadTerm.objects.filter(bloc_id=bloc_id, year=year, ended_on__isnull=True)
    return terms.filter(kind=TermKind.HEAD).exists()


def _awaited(seat: Seat) -> Iterator[Awaited]:
    """The head's leader, where the step is his and nothing blocks it."""
    offer = seat.forward
    if offer is None or offer.verdict or offer.blockers or offer.transition.name in BY_BOARD:
        return
    heads = heads_of(seat.year)
    if heads.head is None:
        return
    name = unit_names(seat.year, heads)[heads.head]
    posts = people_of([heads.head]).get(heads.head, [])
    leader = next((post for post in posts if post.role == PostRole.LEADER), None)
    yield Awaited(
        seat.capacity,
        f"chuyển bước “{offer.transition.label}”",
        name,
        contact=f"{leader.user.full_name}, {leader.title or 'Lãnh đạo đơn vị'}" if leader else "",
        phone=leader.user.phone if leader else "",
        reminder=f"Kính đề nghị {name} thực hiện “{offer.transition.label}” đối với {seat.year}.",
    )


# ---------------------------------------------------------------- board, next year's head


def _board_tasks(user: User) -> Iterator[Task]:
    boards = list(boards_of(user))
    if not boards:
        return
    years = BlocYear.objects.filter(board__in=boards).exclude(status=S.CLOSED)
    capacity = " · ".join(f"{board.office_name}, {board.name}" for board in boards)
    yield from _headless(capacity, list(filter_years(years, YearFilter(without_head=True))))
    yield from _without_stand_in(capacity, list(years.order_by("-year", "sorting", "pk")))


def _headless(capacity: str, years: list[BlocYear]) -> Iterator[Task]:
    if years:
        yield _board_task(capacity, "Ghi Trưởng khối", years, "truong-khoi=chua-co")


def _without_stand_in(capacity: str, years: list[BlocYear]) -> Iterator[Task]:
    heads = heads_by_year(years)
    missing = [year for year in years if heads[year.pk].head and heads[year.pk].stand_in is None]
    if missing:
        yield _board_task(capacity, "Phân công đơn vị thay Trưởng khối", missing, "")


def _board_task(capacity: str, title: str, years: list[BlocYear], query: str) -> Task:
    """One task for all the blocs concerned: to the bloc where it is one, else to the list."""
    url = reverse("bloc_year", args=[years[0].pk])
    if len(years) > 1:
        url = f"{reverse('bloc_list')}?{query}" if query else reverse("bloc_list")
    shown = join_names([str(year) for year in years[:3]])
    more = f" và {len(years) - 3} khối khác" if len(years) > 3 else ""
    return Task(capacity, title, url, detail=f"{shown}{more}.", count=f"{len(years)} khối")


def _new_year_tasks(user: User) -> Iterator[Task]:
    """The head elected for a year that nobody has created yet."""
    units = [post.unit_id for post in posts_today(user) if post.unit_id]
    terms = HeadTerm.objects.filter(
        unit_id__in=units, kind=TermKind.HEAD, ended_on__isnull=True
    ).select_related("bloc", "unit")
    made = set(
        BlocYear.objects.filter(bloc__in={term.bloc_id for term in terms}).values_list(
            "bloc_id", "year"
        )
    )
    for term in terms.order_by("-year", "pk"):
        if (term.bloc_id, term.year) not in made:
            yield Task(
                f"Trưởng khối năm {term.year} · {term.bloc.name}",
                f"Lập năm thi đua {term.year}",
                reverse("year_new", args=[term.bloc_id]),
                detail="Sao chép từ năm trước, rà soát thành viên rồi xác nhận.",
            )
