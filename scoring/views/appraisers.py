"""Who appraises the sheets of a year: the setting, until when it may be changed, its history."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from blocs.enums import AppraisedBy
from blocs.models import BlocYear
from blocs.views.answers import accepted
from blocs.views.frame import frame, get_bloc_year_for_user, person
from emulation.access import allow_if, require
from emulation.history import Entry
from scoring.forms.appraisers import AppraisersForm
from scoring.permissions.cross_check import can_set_appraisers
from scoring.selectors.appraisers import appraiser_changes, first_appraised
from scoring.services.appraisers import set_appraisers
from scoring.views.appraisal_pages import TAB, overview_crumb

MEANS = {
    AppraisedBy.SECRETARIAT: "Cán bộ đơn vị Trưởng khối và người được cử vào tổ thư ký thẩm định. "
    "Bảng của Trưởng khối do đơn vị thay Trưởng khối thẩm định.",
    AppraisedBy.DEPUTY: "Cán bộ đơn vị Phó Trưởng khối thẩm định. Bảng của chính Phó Trưởng khối "
    "do Phó Trưởng khối khác thẩm định; không có thì do tổ thư ký.",
    AppraisedBy.CROSS_CHECK: "Người được phân công kiểm tra chéo một bảng thì thẩm định bảng đó. "
    "Bảng chưa phân công ai thì chưa thẩm định được.",
}


@require_http_methods(["GET", "HEAD", "POST"])
def appraisers(request: HttpRequest, year_id: int) -> HttpResponse:
    """Show who appraises, and let it be set until the first appraisal begins."""
    user = person(request)
    bloc_year, standing = get_bloc_year_for_user(user, year_id)
    require(allow_if(standing.sees_inside, "Trang này chỉ mở cho thành viên của Khối."))
    sets = can_set_appraisers(standing, bloc_year, first_appraised(bloc_year))
    if request.method == "POST":
        require(sets)
    now = AppraisedBy(bloc_year.appraised_by)
    form = AppraisersForm(request.POST or None, initial={"appraised_by": now, "seen": now})

    def save() -> None:
        set_appraisers(actor=user, bloc_year=bloc_year, **form.cleaned_data)

    if accepted(request, form, save):
        chosen = AppraisedBy(form.cleaned_data["appraised_by"])
        messages.success(request, f"Đã ghi: bảng chấm điểm năm này do {chosen.label} thẩm định.")
        return redirect("appraisers", year_id)
    crumbs = [overview_crumb(bloc_year)]
    context = {
        **frame(request, bloc_year, standing, tab=TAB, title="Ai thẩm định", crumbs=crumbs),
        "sets": sets,
        "form": form,
        "now": now.label,
        "means": [(each.value, each.label, words) for each, words in MEANS.items()],
        "chosen": form["appraised_by"].value(),
        "entries": _history(bloc_year),
    }
    return render(request, "scoring/appraisers.html", context)


def _history(bloc_year: BlocYear) -> list[Entry]:
    return [
        Entry(
            at=row.at,
            who=row.actor.full_name,
            acting_as=row.acting_as,
            what="Đổi ai thẩm định",
            change=f"{row.get_before_display()} → {row.get_after_display()}",
        )
        for row in appraiser_changes(bloc_year)
    ]
