"""Who appraises the sheets of a year: the setting, until when it may be changed, its history."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from blocs.enums import AppraisalRounds, AppraisedBy
from blocs.models import BlocYear
from blocs.standing import Standing
from blocs.views.answers import accepted
from blocs.views.frame import frame, get_bloc_year_for_user, person
from emulation.access import allow_if, require
from emulation.history import Entry
from scoring.forms.appraisers import AppraisersForm, DepartmentPersonForm
from scoring.models import AppraiserChange, DepartmentPerson
from scoring.permissions.cross_check import can_name_department_people, can_set_appraisers
from scoring.selectors.appraisers import appraiser_changes, first_appraised
from scoring.services.appraisers import set_appraisers
from scoring.services.departments import end_department_person, name_department_person
from scoring.views.appraisal_pages import TAB, overview_crumb
from scoring.views.department_rows import department_context, department_entries, people_form

MEANS = {
    AppraisedBy.SECRETARIAT: "Cán bộ đơn vị Trưởng khối và người được cử vào tổ thư ký thẩm định. "
    "Bảng của Trưởng khối do đơn vị thay Trưởng khối thẩm định.",
    AppraisedBy.DEPUTY: "Cán bộ đơn vị Phó Trưởng khối thẩm định. Bảng của chính Phó Trưởng khối "
    "do Phó Trưởng khối khác thẩm định; không có thì do tổ thư ký.",
    AppraisedBy.CROSS_CHECK: "Người được phân công kiểm tra chéo một bảng thì thẩm định bảng đó. "
    "Bảng chưa phân công ai thì chưa thẩm định được.",
    AppraisedBy.DEPARTMENTS: "Mỗi tiêu chí do người của bộ phận ghi trong bảng chấm điểm thẩm "
    "định. Tiêu chí không ghi bộ phận do tổ thư ký thẩm định; tổ thư ký hoàn thành khi các bộ "
    "phận đã thẩm định xong.",
}


ROUNDS_MEAN = {
    AppraisalRounds.ONE: "Thẩm định xong thì mời đơn vị giải trình, rồi trình duyệt.",
    AppraisalRounds.TWO: "Xong vòng một, một người khác xem lại mọi tiêu chí, xác nhận hoặc sửa có "
    "lý do; sau đó mới mời giải trình và trình duyệt. Vòng hai do cán bộ tổ thư ký (bảng của "
    "Trưởng khối: cán bộ đơn vị thay Trưởng khối) hoặc người của Phó Trưởng khối làm, không phải "
    "người hoàn thành vòng một.",
}


def _open(request: HttpRequest, year_id: int) -> tuple[BlocYear, Standing]:
    bloc_year, standing = get_bloc_year_for_user(person(request), year_id)
    require(allow_if(standing.sees_inside, "Trang này chỉ mở cho thành viên của Khối."))
    return bloc_year, standing


@require_http_methods(["GET", "HEAD", "POST"])
def appraisers(request: HttpRequest, year_id: int) -> HttpResponse:
    """Show who appraises, and let it be set until the first appraisal begins."""
    bloc_year, standing = _open(request, year_id)
    if request.method == "POST":
        require(can_set_appraisers(standing, bloc_year, first_appraised(bloc_year)))
    form = AppraisersForm(request.POST or None, initial=_initial(bloc_year))

    def save() -> None:
        set_appraisers(actor=person(request), bloc_year=bloc_year, **form.cleaned_data)

    if accepted(request, form, save):
        messages.success(request, _written(form))
        return redirect("appraisers", year_id)
    return _page(request, bloc_year, standing, form=form)


def _page(
    request: HttpRequest,
    bloc_year: BlocYear,
    standing: Standing,
    *,
    form: AppraisersForm | None = None,
    naming: DepartmentPersonForm | None = None,
) -> HttpResponse:
    now = AppraisedBy(bloc_year.appraised_by)
    form = form or AppraisersForm(initial=_initial(bloc_year))
    crumbs = [overview_crumb(bloc_year)]
    context: dict[str, Any] = {
        **frame(request, bloc_year, standing, tab=TAB, title="Ai thẩm định", crumbs=crumbs),
        "sets": can_set_appraisers(standing, bloc_year, first_appraised(bloc_year)),
        "form": form,
        "errors_form": naming or form,
        "now": now.label,
        "now_rounds": AppraisalRounds(bloc_year.appraisal_rounds),
        "rounds": [(each.value, each.label, words) for each, words in ROUNDS_MEAN.items()],
        "chosen_rounds": str(form["appraisal_rounds"].value() or bloc_year.appraisal_rounds),
        "means": [(each.value, each.label, words) for each, words in MEANS.items()],
        "chosen": form["appraised_by"].value(),
        "entries": _history(bloc_year),
    }
    if now == AppraisedBy.DEPARTMENTS:
        context |= department_context(bloc_year, standing, naming)
    return render(request, "scoring/appraisers.html", context)


def _initial(bloc_year: BlocYear) -> dict[str, Any]:
    who, rounds = bloc_year.appraised_by, bloc_year.appraisal_rounds
    return {"appraised_by": who, "seen": who, "appraisal_rounds": rounds, "seen_rounds": rounds}


def _written(form: AppraisersForm) -> str:
    chosen, rounds = form.cleaned_data["appraised_by"], form.cleaned_data["appraisal_rounds"]
    words = f"Đã ghi: bảng chấm điểm năm này do {AppraisedBy(chosen).label} thẩm định"
    return f"{words}, {AppraisalRounds(rounds).label.lower()}." if rounds else f"{words}."


def _history(bloc_year: BlocYear) -> list[Entry]:
    settings = [
        Entry(
            at=row.at,
            who=row.actor.full_name,
            acting_as=row.acting_as,
            what="Đổi ai thẩm định",
            change=_change(row),
        )
        for row in appraiser_changes(bloc_year)
    ]
    return Entry.newest_first([*settings, *department_entries(bloc_year)])


def _change(row: AppraiserChange) -> str:
    """Return what was set otherwise: who, how many rounds, or both."""
    who = f"{row.get_before_display()} → {row.get_after_display()}"
    rounds = f"{row.get_rounds_before_display()} → {row.get_rounds_after_display()}"
    changed = ((row.before != row.after, who), (row.rounds_before != row.rounds_after, rounds))
    return "; ".join(words for differs, words in changed if differs)


# ---------------------------------------------------------------- people of departments


@require_POST
def department_person_add(request: HttpRequest, year_id: int) -> HttpResponse:
    """Let an officer appraise for a department."""
    bloc_year, standing = _open(request, year_id)
    require(can_name_department_people(standing, bloc_year))
    form = people_form(bloc_year, request.POST)

    def save() -> None:
        name_department_person(actor=person(request), bloc_year=bloc_year, **form.cleaned_data)

    if accepted(request, form, save):
        named, department = form.cleaned_data["person"], form.cleaned_data["department"]
        messages.success(request, f"Đã cử {named.full_name} thẩm định cho bộ phận {department}.")
        return redirect("appraisers", year_id)
    return _page(request, bloc_year, standing, naming=form)


@require_POST
def department_person_end(request: HttpRequest, year_id: int, row_id: int) -> HttpResponse:
    """Let somebody appraise for a department no longer."""
    bloc_year, _ = _open(request, year_id)
    row = DepartmentPerson.objects.filter(bloc_year=bloc_year, pk=row_id).first()
    if row is None:
        raise Http404
    ended = end_department_person(actor=person(request), row=row)
    messages.success(
        request,
        f"{ended.person.full_name} thôi thẩm định cho bộ phận {ended.department}. Tiêu chí đã "
        "thẩm định được giữ nguyên.",
    )
    return redirect("appraisers", year_id)
