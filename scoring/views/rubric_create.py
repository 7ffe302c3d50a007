"""A new rubric: a copy of an earlier one, or an empty table from its settings."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from blocs.views.frame import frame, get_bloc_year_for_user, person
from emulation.access import require
from emulation.models import User
from scoring.forms.rubric import DEFAULT_GRADES, CopyForm, RubricSettingsForm
from scoring.forms.tables import redrawn
from scoring.models import Rubric
from scoring.permissions.rubric import can_create_rubric
from scoring.selectors.rubrics import copyable_rubrics
from scoring.services.rubrics import copy_rubric, draft_rubric
from scoring.views.rubric import TAB, put_errors


@require_http_methods(["GET", "POST"])
def rubric_create(request: HttpRequest, year_id: int) -> HttpResponse:
    """Start a table: as a copy of an earlier one, or from its settings."""
    user = person(request)
    bloc_year, standing = get_bloc_year_for_user(user, year_id)
    require(can_create_rubric(standing, bloc_year))
    sources = copyable_rubrics(user, bloc_year)
    copying = request.method == "POST" and "source" in request.POST
    copy_form = CopyForm(request.POST if copying else None, sources=sources)
    initial = {"grades": DEFAULT_GRADES, "title": f"Bảng chấm điểm {bloc_year.name}"}
    typed = request.POST if request.method == "POST" and not copying else None
    form = RubricSettingsForm(typed, initial=initial)
    if typed is not None and (order := typed.get("redraw")):
        kept, typed = redrawn(form, typed, order), None
        form = RubricSettingsForm(initial=kept)
    made: Rubric | None = None
    if copying and copy_form.is_valid():
        source = copy_form.cleaned_data["source"]
        made = copy_rubric(actor=user, bloc_year=bloc_year, source=source)
    elif typed is not None and form.is_valid():
        made = _drafted(user, bloc_year, form)
    if made is not None:
        messages.success(request, f"Đã tạo dự thảo lần {made.version}. Soạn các phần và tiêu chí.")
        return redirect("rubric_editor", made.pk)
    title = "Tạo bảng chấm điểm"
    up = [("Bảng chấm điểm", reverse("rubric_list", args=[year_id]))]
    context = {
        **frame(request, bloc_year, standing, tab=TAB, title=title, crumbs=up),
        "form": form,
        "copy_form": copy_form if sources.exists() else None,
        "back": reverse("rubric_list", args=[year_id]),
    }
    return render(request, "scoring/rubric_create.html", context)


def _drafted(user: User, bloc_year: Any, form: RubricSettingsForm) -> Rubric | None:
    try:
        return draft_rubric(
            actor=user,
            bloc_year=bloc_year,
            settings=form.settings(),
            grades=form.cleaned_data["grades"],
        )
    except ValidationError as error:
        put_errors(form, error)
        return None
