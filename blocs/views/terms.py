"""Who leads: terms by the board, the stand-in, the election, the secretariat."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from blocs.enums import TermKind
from blocs.forms.people import (
    ElectionForm,
    EndTermForm,
    SecretaryForm,
    StandInForm,
    TermForm,
)
from blocs.models import BlocYear, HeadTerm, Meeting, SecretariatMember, Unit
from blocs.permissions import (
    can_name_secretary,
    can_name_stand_in,
    can_record_election,
    can_set_terms,
)
from blocs.selectors.members import members_not_ended, people_of
from blocs.selectors.standing import heads_of, terms_of
from blocs.services.terms import (
    end_secretary,
    end_term,
    name_secretary,
    name_stand_in,
    record_election,
    set_term,
)
from blocs.standing import NO_STAND_IN, Standing
from blocs.views.answers import accepted
from blocs.views.frame import frame, get_bloc_year_for_user, person
from emulation.access import require
from emulation.models import User


def _page(
    request: HttpRequest,
    year: BlocYear,
    standing: Standing,
    form: forms.Form,
    *,
    title: str,
    lede: str,
    submit: str,
    after: str,
) -> HttpResponse:
    """Show one form with what it is about and what follows."""
    back = reverse("member_list", args=[year.pk])
    crumbs = [("Đơn vị thành viên, Trưởng khối", back)]
    context: dict[str, Any] = {
        **frame(request, year, standing, tab="members", title=title, crumbs=crumbs),
        "form": form,
        "lede": lede,
        "submit": submit,
        "after": after,
        "back": back,
    }
    return render(request, "blocs/year_form.html", context)


def _units(year: BlocYear) -> Any:
    units = Unit.objects.filter(board_id=year.board_id, ended_on__isnull=True)
    return units.order_by("sorting", "pk")


@require_http_methods(["GET", "POST"])
def term_add(request: HttpRequest, year_id: int) -> HttpResponse:
    """Name a head, deputy or stand-in; the board only."""
    user = person(request)
    year, standing = get_bloc_year_for_user(user, year_id)
    require(can_set_terms(standing, year))
    heads = heads_of(year)
    kind = TermKind.HEAD if heads.head is None else TermKind.DEPUTY
    members = _units(year).filter(pk__in=members_not_ended(year).order_by().values("unit_id"))
    units = members if members.exists() else _units(year)
    form = TermForm(
        request.POST or None,
        units=units,
        initial={"kind": kind, "position": len(heads.deputies) + 1},
    )

    def set_it() -> None:
        data = dict(form.cleaned_data)
        if data["kind"] != TermKind.DEPUTY:
            data["position"] = 1
        set_term(actor=user, bloc=year.bloc, year=year.year, **data)

    if accepted(request, form, set_it):
        role = TermKind(form.cleaned_data["kind"]).label
        messages.success(request, f"Đã ghi {form.cleaned_data['unit']} là {role}.")
        return redirect("member_list", year.pk)
    return _page(
        request,
        year,
        standing,
        form,
        title="Ghi Trưởng khối, Phó Trưởng khối",
        lede=f"Vai trò có hiệu lực cho năm {year.year} đến khi năm thi đua kết thúc.",
        submit="Ghi vai trò",
        after="Lãnh đạo và cán bộ của đơn vị làm được việc của vai trò này ngay.",
    )


@require_http_methods(["GET", "POST"])
def term_end(request: HttpRequest, year_id: int, term_id: int) -> HttpResponse:
    """End a term; the board only."""
    user = person(request)
    year, standing = get_bloc_year_for_user(user, year_id)
    require(can_set_terms(standing, year))
    term = _term(year, term_id)
    form = EndTermForm(request.POST or None)

    def end() -> None:
        end_term(actor=user, term=term, **form.cleaned_data)

    if accepted(request, form, end):
        messages.success(request, f"Đã ghi {term.unit} thôi giữ vai trò {term.get_kind_display()}.")
        return redirect("member_list", year.pk)
    return _page(
        request,
        year,
        standing,
        form,
        title=f"Ghi {term.unit} thôi giữ vai trò",
        lede=f"{term.unit} đang là {term.get_kind_display()} năm {year.year}.",
        submit="Ghi thôi giữ vai trò",
        after="Nếu là Trưởng khối và chưa có đơn vị khác thay, Phó Trưởng khối thứ nhất điều hành.",
    )


def _term(year: BlocYear, term_id: int) -> HeadTerm:
    terms = HeadTerm.objects.filter(bloc_id=year.bloc_id, year=year.year).select_related(
        "unit", "bloc"
    )
    term = terms.filter(pk=term_id).first()
    if term is None:
        raise Http404
    return term


@require_http_methods(["GET", "POST"])
def stand_in(request: HttpRequest, year_id: int) -> HttpResponse:
    """Name the unit that appraises the head's own sheet: the board, or by a minuted meeting."""
    user = person(request)
    year, standing = get_bloc_year_for_user(user, year_id)
    require(can_name_stand_in(standing, year, minuted=True))
    heads = heads_of(year)
    units = _units(year).exclude(pk__in=[heads.head or 0, *heads.deputies])
    meetings = Meeting.objects.filter(bloc_year=year).order_by("-held_on", "-pk")
    form = StandInForm(request.POST or None, units=units, meetings=meetings)

    def name() -> None:
        name_stand_in(actor=user, bloc_year=year, **form.cleaned_data)

    if accepted(request, form, name):
        unit = form.cleaned_data["unit"]
        messages.success(request, f"Đã phân công {unit} thẩm định bảng chấm điểm của Trưởng khối.")
        return redirect("member_list", year.pk)
    return _page(
        request,
        year,
        standing,
        form,
        title="Phân công đơn vị thay Trưởng khối",
        lede="Trưởng khối không thẩm định, duyệt bảng chấm điểm của chính mình."
        if heads.deputies
        else NO_STAND_IN,
        submit="Phân công đơn vị thay Trưởng khối",
        after="Đơn vị được phân công thẩm định và duyệt bảng chấm điểm của Trưởng khối.",
    )


@require_http_methods(["GET", "POST"])
def election(request: HttpRequest, year_id: int) -> HttpResponse:
    """Record whom the meeting elected for the next year."""
    user = person(request)
    year, standing = get_bloc_year_for_user(user, year_id)
    require(can_record_election(standing, year))
    members = list(members_not_ended(year))
    form = ElectionForm(request.POST or None, members=members, initial=_elected(year))

    def record() -> None:
        units = Unit.objects.in_bulk([form.cleaned_data["head"], *form.deputies])
        record_election(
            actor=user,
            bloc_year=year,
            head=units[form.cleaned_data["head"]],
            deputies=[units[unit_id] for unit_id in form.deputies],
            decided_on=form.cleaned_data["decided_on"],
            note=form.cleaned_data["note"],
        )

    if accepted(request, form, record):
        messages.success(
            request,
            f"Đã ghi kết quả bầu Trưởng khối năm {year.year + 1}. "
            "Đơn vị trúng cử lập được năm thi đua mới và đọc được hồ sơ năm nay.",
        )
        return redirect("member_list", year.pk)
    return _page(
        request,
        year,
        standing,
        form,
        title=f"Ghi kết quả bầu Trưởng khối năm {year.year + 1}",
        lede="Ghi theo biên bản bầu tại hội nghị. Ghi lại thì kết quả sau thay kết quả trước.",
        submit="Ghi kết quả bầu",
        after="Từ lúc này đơn vị trúng cử lập được năm thi đua mới.",
    )


def _elected(year: BlocYear) -> dict[str, Any]:
    terms = terms_of(year.bloc_id, year.year + 1)
    initial: dict[str, Any] = {}
    for term in terms:
        name = "head" if term.kind == TermKind.HEAD else f"deputy_{term.position}"
        initial[name] = term.unit_id
        initial["decided_on"] = term.decided_on
    return initial


@require_http_methods(["GET", "POST"])
def secretary_add(request: HttpRequest, year_id: int) -> HttpResponse:
    """Name an officer of another member to the secretariat; leaders of the head unit."""
    user = person(request)
    year, standing = get_bloc_year_for_user(user, year_id)
    require(can_name_secretary(standing, year))
    form = SecretaryForm(request.POST or None, people=_officers(year, standing))

    def name() -> None:
        chosen = User.objects.get(pk=form.cleaned_data["user"])
        name_secretary(actor=user, bloc_year=year, user=chosen)

    if accepted(request, form, name):
        messages.success(request, "Đã phân công thành viên tổ thư ký.")
        return redirect("member_list", year.pk)
    return _page(
        request,
        year,
        standing,
        form,
        title="Phân công thành viên tổ thư ký",
        lede="Cán bộ của đơn vị Trưởng khối đã thuộc tổ thư ký. "
        "Trưởng khối có thể chọn thêm cán bộ của đơn vị thành viên khác.",
        submit="Phân công vào tổ thư ký",
        after="Người được phân công làm được việc của Thư ký Khối ngay; không được duyệt điểm.",
    )


def _officers(year: BlocYear, standing: Standing) -> list[tuple[int, str]]:
    members = [row for row in members_not_ended(year) if row.unit_id != standing.head]
    people = people_of(row.unit_id for row in members)
    return [
        (post.user_id, f"{post.user.full_name} – {row.unit_name}")
        for row in members
        for post in people.get(row.unit_id, [])
    ]


@require_POST
def secretary_end(request: HttpRequest, year_id: int, secretary_id: int) -> HttpResponse:
    """End a person's part in the secretariat."""
    user = person(request)
    year, standing = get_bloc_year_for_user(user, year_id)
    require(can_name_secretary(standing, year))
    rows = SecretariatMember.objects.filter(bloc_year=year).select_related("bloc_year", "user")
    row = rows.filter(pk=secretary_id).first()
    if row is None:
        raise Http404
    end_secretary(actor=user, secretary=row)
    messages.success(request, f"{row.user.full_name} đã thôi làm thành viên tổ thư ký.")
    return redirect("member_list", year.pk)
