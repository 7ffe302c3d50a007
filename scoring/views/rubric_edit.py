"""Building a rubric: settings and grades, sections, criteria and their parts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from blocs.standing import Standing
from blocs.views.frame import frame, get_bloc_year_for_user, person
from emulation.access import require
from emulation.models import User
from scoring.forms.rubric import (
    CopyForm,
    CriterionForm,
    RubricSettingsForm,
    SectionForm,
    criterion_initial,
    section_initial,
    settings_initial,
    stored_lines,
)
from scoring.models import Criterion, Rubric, Section
from scoring.permissions.rubric import can_create_rubric, can_edit_rubric
from scoring.selectors.rubrics import copyable_rubrics, get_rubric_for_user, grades_of
from scoring.services.rubric_edit import (
    StaleEdit,
    add_criterion,
    add_section,
    digest,
    drop_criterion,
    drop_section,
    edit_criterion,
    edit_section,
    edit_settings,
    move_criterion,
    move_section,
)
from scoring.services.rubrics import copy_rubric, draft_rubric
from scoring.views.rubric import TAB, put_errors, rubric_frame

DEFAULT_GRADES = "Xuất sắc; 90\nTốt; 80\nKhá; 65\nChưa đạt; 0"

# ---------------------------------------------------------------- a new table


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
    made: Rubric | None = None
    if copying and copy_form.is_valid():
        source = copy_form.cleaned_data["source"]
        made = copy_rubric(actor=user, bloc_year=bloc_year, source=source)
    elif typed is not None and form.is_valid():
        made = _drafted(user, bloc_year, form)
    if made is not None:
        messages.success(request, f"Đã tạo dự thảo lần {made.version}. Soạn các phần và tiêu chí.")
        return redirect("rubric", made.pk)
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


# ---------------------------------------------------------------- editing


def _editable(request: HttpRequest, rubric_id: int) -> tuple[User, Rubric, Standing]:
    user = person(request)
    found, standing = get_rubric_for_user(user, rubric_id)
    require(can_edit_rubric(standing, found))
    return user, found, standing


def _edit_page(
    request: HttpRequest,
    found: Rubric,
    standing: Standing,
    title: str,
    form: Form,
    save: Callable[[], object],
    initial_of: Callable[[Any], dict[str, Any]] | None = None,
) -> HttpResponse:
    """Save a valid form, or show it: with what was typed, and what somebody else stored."""
    stored: list[tuple[str, str]] = []
    if request.method == "POST" and form.is_valid():
        try:
            save()
        except StaleEdit as stale:
            put_errors(form, stale)
            stored = list(stored_lines(initial_of(stale.stored), form)) if initial_of else []
            form.data = {**request.POST.dict(), "seen": digest(stale.stored)}
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, "Đã lưu dự thảo bảng chấm điểm.")
            return redirect("rubric", found.pk)
    context = {
        **rubric_frame(request, found, standing, title, below=True),
        "form": form,
        "stored": stored,
        "back": reverse("rubric", args=[found.pk]),
    }
    status = 409 if stored else 200
    return render(request, "scoring/rubric_edit.html", context, status=status)


@require_http_methods(["GET", "POST"])
def rubric_settings(request: HttpRequest, rubric_id: int) -> HttpResponse:
    """Change what the table says as a whole, and its grades."""
    user, found, standing = _editable(request, rubric_id)
    codes = Section.objects.filter(rubric=found).order_by("position", "pk")

    def initial_of(row: Rubric) -> dict[str, Any]:
        return settings_initial(row, grades_of(row))

    form = RubricSettingsForm(
        request.POST or None,
        initial=initial_of(found),
        sections=codes.values_list("code", flat=True),
    )

    def save() -> object:
        return edit_settings(
            actor=user,
            rubric=found,
            settings=form.settings(),
            grades=form.cleaned_data["grades"],
            seen=form.cleaned_data["seen"],
        )

    title = "Thông tin chung, xếp loại"
    return _edit_page(request, found, standing, title, form, save, initial_of)


@require_http_methods(["GET", "POST"])
def section_add(request: HttpRequest, rubric_id: int) -> HttpResponse:
    """Add a section."""
    user, found, standing = _editable(request, rubric_id)
    form = SectionForm(request.POST or None)

    def save() -> object:
        return add_section(actor=user, rubric=found, fields=form.said())

    return _edit_page(request, found, standing, "Thêm phần", form, save)


@require_http_methods(["GET", "POST"])
def section_edit(request: HttpRequest, rubric_id: int, section_id: int) -> HttpResponse:
    """Change a section."""
    user, found, standing = _editable(request, rubric_id)
    section = _section(found, section_id)
    form = SectionForm(request.POST or None, initial=section_initial(section))

    def save() -> object:
        seen = form.cleaned_data["seen"]
        return edit_section(actor=user, section=section, fields=form.said(), seen=seen)

    title = f"Sửa phần {section.code}"
    return _edit_page(request, found, standing, title, form, save, section_initial)


@require_POST
def section_deed(request: HttpRequest, rubric_id: int, section_id: int) -> HttpResponse:
    """Move a section up or down, or remove it."""
    user, found, _ = _editable(request, rubric_id)
    section = _section(found, section_id)
    match request.POST.get("deed"):
        case "up":
            move_section(actor=user, section=section, direction="up")
        case "down":
            move_section(actor=user, section=section, direction="down")
        case "drop":
            drop_section(actor=user, section=section)
            messages.success(request, f"Đã bỏ phần {section.code} và các tiêu chí của phần.")
        case _:
            raise Http404
    return redirect("rubric", rubric_id)


@require_http_methods(["GET", "POST"])
def criterion_add(request: HttpRequest, rubric_id: int, section_id: int) -> HttpResponse:
    """Add a criterion to a section."""
    user, found, standing = _editable(request, rubric_id)
    section = _section(found, section_id)
    form = CriterionForm(request.POST or None)

    def save() -> object:
        return add_criterion(actor=user, section=section, fields=form.said())

    title = f"Thêm tiêu chí vào phần {section.code}"
    return _edit_page(request, found, standing, title, form, save)


@require_http_methods(["GET", "POST"])
def part_add(request: HttpRequest, rubric_id: int, criterion_id: int) -> HttpResponse:
    """Add a part (a, b, c) to a criterion."""
    user, found, standing = _editable(request, rubric_id)
    parent = _criterion(found, criterion_id)
    form = CriterionForm(request.POST or None)

    def save() -> object:
        return add_criterion(actor=user, section=parent.section, fields=form.said(), parent=parent)

    title = f"Thêm ý nhỏ cho tiêu chí {parent.code}"
    return _edit_page(request, found, standing, title, form, save)


@require_http_methods(["GET", "POST"])
def criterion_edit(request: HttpRequest, rubric_id: int, criterion_id: int) -> HttpResponse:
    """Change a criterion or part."""
    user, found, standing = _editable(request, rubric_id)
    criterion = _criterion(found, criterion_id)
    form = CriterionForm(request.POST or None, initial=criterion_initial(criterion))

    def save() -> object:
        seen = form.cleaned_data["seen"]
        return edit_criterion(actor=user, criterion=criterion, fields=form.said(), seen=seen)

    title = f"Sửa tiêu chí {criterion.code}"
    return _edit_page(request, found, standing, title, form, save, criterion_initial)


@require_POST
def criterion_deed(request: HttpRequest, rubric_id: int, criterion_id: int) -> HttpResponse:
    """Move a criterion up or down, or remove it."""
    user, found, _ = _editable(request, rubric_id)
    criterion = _criterion(found, criterion_id)
    match request.POST.get("deed"):
        case "up":
            move_criterion(actor=user, criterion=criterion, direction="up")
        case "down":
            move_criterion(actor=user, criterion=criterion, direction="down")
        case "drop":
            drop_criterion(actor=user, criterion=criterion)
            messages.success(request, f"Đã bỏ tiêu chí {criterion.code}.")
        case _:
            raise Http404
    return redirect("rubric", rubric_id)


def _section(found: Rubric, section_id: int) -> Section:
    section = Section.objects.filter(rubric=found, pk=section_id).first()
    if section is None:
        raise Http404
    return section


def _criterion(found: Rubric, criterion_id: int) -> Criterion:
    rows = Criterion.objects.filter(rubric=found).select_related("section", "rubric")
    criterion = rows.filter(pk=criterion_id).first()
    if criterion is None:
        raise Http404
    return criterion
