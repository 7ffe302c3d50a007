"""Building a rubric: its settings and grades, sections, criteria and their parts."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from scoring.forms.rubric import (
    RubricSettingsForm,
    SectionForm,
    section_initial,
    settings_initial,
)
from scoring.forms.rubric_criterion import (
    CriterionForm,
    Setting,
    criterion_initial,
    groups_of,
    like_the_last,
)
from scoring.models import Criterion, Rubric, Section
from scoring.selectors.rubric_codes import next_criterion_code, next_part_code, next_section_code
from scoring.selectors.rubric_versions import taken_codes
from scoring.selectors.rubrics import grades_of
from scoring.services.rubric_edit import (
    add_criterion,
    add_section,
    drop_criterion,
    drop_section,
    edit_criterion,
    edit_section,
    edit_settings,
    move_criterion,
    move_section,
    reorder,
)
from scoring.services.rubric_rows import pledge_items
from scoring.views.rubric import rubric_frame
from scoring.views.rubric_forms import (
    Deed,
    Spot,
    after_deed,
    answer_form,
    editable,
    in_place,
    numbers,
)
from scoring.views.rubric_tree import editor_context

# ---------------------------------------------------------------- the editor


@require_GET
def rubric_editor(request: HttpRequest, rubric_id: int) -> HttpResponse:
    """Show the draft as a tree that is edited in place, with its settings and what adds up."""
    _, found, standing = editable(request, rubric_id)
    title = "Soạn bảng chấm điểm"
    context = {
        **rubric_frame(request, found, standing, title, below=True),
        **editor_context(found),
    }
    return render(request, "scoring/rubric_editor.html", context)


@require_POST
def rubric_order(request: HttpRequest, rubric_id: int) -> HttpResponse:
    """Put the sections, a section's criteria or a criterion's parts in a new order."""
    user, found, _ = editable(request, rubric_id)
    ids = numbers(request.POST.getlist("id"))
    section = parent = None
    if wanted := request.POST.get("section"):
        section = _section(found, numbers([wanted])[0])
    if wanted := request.POST.get("parent"):
        parent = _criterion(found, numbers([wanted])[0])
    said, part = "Đã lưu thứ tự.", "kiem-tra"
    try:
        reorder(actor=user, rubric=found, ids=ids, section=section, parent=parent)
    except ValidationError as error:
        said, part = " ".join(error.messages), "cay"
    return after_deed(request, found, part, "", said)


@require_http_methods(["GET", "POST"])
def rubric_settings(request: HttpRequest, rubric_id: int) -> HttpResponse:
    """Change what the table says as a whole, and its grades."""
    user, found, standing = editable(request, rubric_id)
    rows = Section.objects.filter(rubric=found).order_by("position", "pk")
    codes = list(rows.values_list("code", flat=True))

    def initial_of(row: Rubric) -> dict[str, Any]:
        return settings_initial(row, grades_of(row))

    def save(form: Any) -> object:
        return edit_settings(
            actor=user,
            rubric=found,
            settings=form.settings(),
            grades=form.cleaned_data["grades"],
            seen=form.cleaned_data["seen"],
        )

    spot = Spot(
        slot="thiet-lap",
        title="Thông tin chung, xếp loại",
        part=lambda _: "thiet-lap",
        row=lambda _: "thiet-lap",
    )
    deed = Deed(
        form_of=partial(RubricSettingsForm, sections=codes),
        save=save,
        initial=lambda: initial_of(found),
        initial_of=initial_of,
    )
    return answer_form(request, found, standing, spot, deed)


# ---------------------------------------------------------------- sections


@require_http_methods(["GET", "POST"])
def section_add(request: HttpRequest, rubric_id: int) -> HttpResponse:
    """Add a section."""
    user, found, standing = editable(request, rubric_id)
    rows = Section.objects.filter(rubric=found).order_by("position", "pk")
    codes = list(rows.values_list("code", flat=True))
    spot = Spot(
        slot="them-phan",
        title="Thêm phần",
        part=lambda _: "cay",
        row=lambda made: f"hang-phan-{made.pk}",
        said="Đã thêm phần.",
        more="Lưu và thêm tiêu chí",
        onward=lambda made: (
            f"them-{made.pk}",
            reverse("rubric_criterion_add", args=[found.pk, made.pk]),
        ),
    )
    deed = Deed(
        form_of=SectionForm,
        save=lambda form: add_section(actor=user, rubric=found, fields=form.said()),
        initial=lambda: {"code": next_section_code(codes)},
    )
    return answer_form(request, found, standing, spot, deed)


@require_http_methods(["GET", "POST"])
def section_edit(request: HttpRequest, rubric_id: int, section_id: int) -> HttpResponse:
    """Change a section."""
    user, found, standing = editable(request, rubric_id)
    section = _section(found, section_id)

    def save(form: Any) -> object:
        seen = form.cleaned_data["seen"]
        return edit_section(actor=user, section=section, fields=form.said(), seen=seen)

    spot = Spot(
        slot=f"hang-phan-{section.pk}",
        title=f"Sửa phần {section.code}",
        part=lambda _: f"phan-{section.pk}",
        row=lambda _: f"hang-phan-{section.pk}",
    )
    deed = Deed(
        form_of=SectionForm,
        save=save,
        initial=lambda: section_initial(section),
        initial_of=section_initial,
    )
    return answer_form(request, found, standing, spot, deed)


@require_POST
def section_deed(request: HttpRequest, rubric_id: int, section_id: int) -> HttpResponse:
    """Move a section up or down, or remove it."""
    user, found, _ = editable(request, rubric_id)
    section = _section(found, section_id)
    focus, said = f"hang-phan-{section.pk}", "Đã chuyển phần."
    match request.POST.get("deed"):
        case "up":
            move_section(actor=user, section=section, direction="up")
        case "down":
            move_section(actor=user, section=section, direction="down")
        case "drop":
            drop_section(actor=user, section=section)
            focus, said = "cay", f"Đã bỏ phần {section.code} và các tiêu chí của phần."
        case _:
            raise Http404
    return after_deed(request, found, "cay", _kept_focus(request, focus), said)


# ---------------------------------------------------------------- criteria


def _setting(found: Rubric, section: Section, row: Criterion | None = None) -> Setting:
    """Return what a criterion's form must know of the table around it."""
    rows = list(Criterion.objects.filter(rubric=found))
    has_parts = row is not None and any(each.parent_id == row.pk for each in rows)
    moves = row is not None and row.parent_id is None
    sections = Section.objects.filter(rubric=found).order_by("position", "pk") if moves else []
    items = pledge_items(found).values()
    return Setting(
        section_kind=section.kind,
        has_parts=has_parts,
        sections=list(sections),
        grades=[band.name for band in grades_of(found)],
        groups=groups_of(rows),
        items=sorted(items, key=lambda item: item.position),
    )


def _siblings(found: Rubric, **wanted: Any) -> list[Criterion]:
    """Return criteria or parts that stand side by side, each told whether it has parts."""
    parts = Criterion.objects.filter(parent=OuterRef("pk"))
    rows = Criterion.objects.filter(rubric=found, **wanted).order_by("position", "pk")
    return list(rows.annotate(has_parts=Exists(parts)))


@require_http_methods(["GET", "POST"])
def criterion_add(request: HttpRequest, rubric_id: int, section_id: int) -> HttpResponse:
    """Add a criterion to a section."""
    user, found, standing = editable(request, rubric_id)
    section = _section(found, section_id)
    setting = _setting(found, section)
    siblings, taken = _siblings(found, section=section, parent=None), taken_codes(found)
    spot = Spot(
        slot=f"them-{section.pk}",
        title=f"Thêm tiêu chí vào phần {section.code}",
        part=lambda _: f"phan-{section.pk}",
        row=lambda made: f"hang-{made.pk}",
        said="Đã thêm tiêu chí.",
        more="Lưu và thêm tiêu chí nữa",
        groups=tuple(setting.groups),
    )
    deed = Deed(
        form_of=partial(CriterionForm, setting=setting),
        save=lambda form: add_criterion(actor=user, section=section, fields=form.said()),
        initial=lambda: {
            "code": next_criterion_code(section.code, [row.code for row in siblings], taken),
            **like_the_last(siblings, section.kind),
        },
    )
    return answer_form(request, found, standing, spot, deed)


@require_http_methods(["GET", "POST"])
def part_add(request: HttpRequest, rubric_id: int, criterion_id: int) -> HttpResponse:
    """Add a part (a, b, c) to a criterion."""
    user, found, standing = editable(request, rubric_id)
    parent = _criterion(found, criterion_id)
    section = parent.section
    setting = _setting(found, section)
    siblings, taken = _siblings(found, parent=parent), taken_codes(found)

    def save(form: Any) -> object:
        return add_criterion(actor=user, section=section, fields=form.said(), parent=parent)

    spot = Spot(
        slot=f"them-y-{parent.pk}",
        title=f"Thêm ý nhỏ cho tiêu chí {parent.code}",
        part=lambda _: f"phan-{section.pk}",
        row=lambda made: f"hang-{made.pk}",
        said="Đã thêm ý nhỏ.",
        more="Lưu và thêm ý nữa",
        groups=tuple(setting.groups),
    )
    deed = Deed(
        form_of=partial(CriterionForm, setting=setting),
        save=save,
        initial=lambda: {
            "code": next_part_code(parent.code, [row.code for row in siblings], taken),
            **like_the_last(siblings, section.kind),
        },
    )
    return answer_form(request, found, standing, spot, deed)


@require_http_methods(["GET", "POST"])
def criterion_edit(request: HttpRequest, rubric_id: int, criterion_id: int) -> HttpResponse:
    """Change a criterion or part, or move it to another section."""
    user, found, standing = editable(request, rubric_id)
    criterion = _criterion(found, criterion_id)
    setting = _setting(found, criterion.section, criterion)

    def save(form: Any) -> Any:
        return edit_criterion(
            actor=user,
            criterion=criterion,
            fields=form.said(),
            section=form.chosen_section(),
            seen=form.cleaned_data["seen"],
        )

    def part(made: Any) -> str:
        return f"hang-{made.pk}" if made.section_id == criterion.section_id else "cay"

    spot = Spot(
        slot=f"hang-{criterion.pk}",
        title=f"Sửa tiêu chí {criterion.code}",
        part=part,
        row=lambda made: f"hang-{made.pk}",
        groups=tuple(setting.groups),
    )
    deed = Deed(
        form_of=partial(CriterionForm, setting=setting),
        save=save,
        initial=lambda: criterion_initial(criterion),
        initial_of=criterion_initial,
    )
    return answer_form(request, found, standing, spot, deed)


@require_POST
def criterion_deed(request: HttpRequest, rubric_id: int, criterion_id: int) -> HttpResponse:
    """Move a criterion up or down, or remove it."""
    user, found, _ = editable(request, rubric_id)
    criterion = _criterion(found, criterion_id)
    focus, said = f"hang-{criterion.pk}", f"Đã chuyển {criterion.code}."
    match request.POST.get("deed"):
        case "up":
            move_criterion(actor=user, criterion=criterion, direction="up")
        case "down":
            move_criterion(actor=user, criterion=criterion, direction="down")
        case "drop":
            drop_criterion(actor=user, criterion=criterion)
            focus, said = f"hang-phan-{criterion.section_id}", f"Đã bỏ tiêu chí {criterion.code}."
        case _:
            raise Http404
    part = f"phan-{criterion.section_id}"
    return after_deed(request, found, part, _kept_focus(request, focus), said)


def _kept_focus(request: HttpRequest, row: str) -> str:
    """Return where the focus stays: on the button just pressed, if it moved the row."""
    deed = request.POST.get("deed")
    return f"{row}-{deed}" if in_place(request) and deed in {"up", "down"} else row


def _section(found: Rubric, section_id: int) -> Section:
    section = Section.objects.filter(rubric=found, pk=section_id).select_related("rubric").first()
    if section is None:
        raise Http404
    return section


def _criterion(found: Rubric, criterion_id: int) -> Criterion:
    rows = Criterion.objects.filter(rubric=found).select_related("section", "rubric", "pledge_item")
    criterion = rows.filter(pk=criterion_id).first()
    if criterion is None:
        raise Http404
    return criterion
