"""Awards, quotas and the grounds for not considering: the board sets them, the bloc reads them."""

from __future__ import annotations

from decimal import Decimal

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from blocs.models import BlocYear
from blocs.views.answers import accepted
from blocs.views.frame import Crumb, person
from emulation.access import require
from emulation.vietnamese import format_number, format_points
from scoring.enums import GroundEffect
from scoring.forms.results import AwardForm, GroundRulesForm, QuotaForm
from scoring.models import Award, AwardQuota, GradeBand, GroundRule
from scoring.permissions.results import can_see_quotas, can_set_grounds, can_set_quotas
from scoring.rules.grounds import Ground
from scoring.selectors.ranking import quotas_of
from scoring.services.quotas import NEEDS, set_award, set_quota
from scoring.services.standing_decisions import set_ground_rule
from scoring.views.result_pages import open_year, result_frame

PERCENT = Decimal(100)


def grades_of_year(bloc_year: BlocYear) -> list[GradeBand]:
    """Return the grades of the issued table, the highest first."""
    bands = GradeBand.objects.filter(rubric__bloc_year=bloc_year, rubric__status="issued")
    return list(bands.order_by("-lower_bound"))


def conditions_of(quota: AwardQuota) -> list[str]:
    """Return a quota's conditions as people read them."""
    found = []
    if quota.worst_rank is not None:
        found.append(f"từ hạng {quota.worst_rank} trở lên")
    if quota.lowest_grade:
        found.append(f"xếp loại từ {quota.lowest_grade}")
    if quota.lowest_total is not None:
        found.append(f"từ {format_points(quota.lowest_total)} điểm")
    found += [NEEDS[need].lower() for need in quota.needs if need in NEEDS]
    return [*found, *([quota.extra_condition] if quota.extra_condition else [])]


def limit_of(quota: AwardQuota) -> str:
    """Return how many units a quota allows: "2 đơn vị", "20 % số đơn vị xếp hạng", or both."""
    parts = [] if quota.max_count is None else [f"{quota.max_count} đơn vị"]
    if quota.max_share is not None:
        parts.append(f"{format_number(quota.max_share * PERCENT)} % số đơn vị xếp hạng")
    return ", không quá ".join(parts)


def effects_of(bloc_year: BlocYear) -> dict[str, str]:
    """Return what each ground does this year: the board's rule, else the usual effect."""
    rules = dict(GroundRule.objects.filter(bloc_year=bloc_year).values_list("ground", "effect"))
    return {g.value: rules.get(g.value, g.default_effect.value) for g in Ground}


@require_safe
def quota_list(request: HttpRequest, year_id: int) -> HttpResponse:
    """Show the quotas and the grounds of this bloc-year."""
    bloc_year, standing = open_year(request, year_id)
    require(can_see_quotas(standing))
    quotas = {quota.award_id: quota for quota in quotas_of(bloc_year)}
    awards = Award.objects.filter(board_id=bloc_year.board_id).order_by("position", "pk")
    context = result_frame(
        request, bloc_year, standing, page="quotas", title="Chỉ tiêu khen thưởng và căn cứ"
    )
    context |= {
        "lines": [(award, *_shown(quotas.get(award.pk))) for award in awards],
        "grounds": [
            (Ground(ground).label, GroundEffect(effect).label)
            for ground, effect in effects_of(bloc_year).items()
        ],
        "may_set": can_set_quotas(standing, bloc_year),
        "may_set_grounds": can_set_grounds(standing, bloc_year),
    }
    return render(request, "scoring/quota_list.html", context)


def _shown(quota: AwardQuota | None) -> tuple[str, list[str]]:
    return (limit_of(quota), conditions_of(quota)) if quota else ("", [])


def _crumb(bloc_year: BlocYear) -> Crumb:
    return ("Chỉ tiêu khen thưởng", reverse("quota_list", args=[bloc_year.pk]))


@require_http_methods(["GET", "POST"])
def quota_edit(request: HttpRequest, year_id: int, award_id: int) -> HttpResponse:
    """Set the quota of one award."""
    bloc_year, standing = open_year(request, year_id)
    award = Award.objects.filter(board_id=bloc_year.board_id, pk=award_id).first()
    if award is None:
        raise Http404
    require(can_set_quotas(standing, bloc_year))
    quota = AwardQuota.objects.filter(bloc_year=bloc_year, award=award).first()
    form = QuotaForm(request.POST or None, quota=quota, grades=grades_of_year(bloc_year))

    def deed() -> None:
        set_quota(actor=person(request), bloc_year=bloc_year, award=award, **form.values)

    if accepted(request, form, deed):
        messages.success(
            request, f"Đã lưu chỉ tiêu {award.label}. Chỉ tiêu được áp dụng khi thông qua."
        )
        return redirect("quota_list", year_id=bloc_year.pk)
    title = f"Chỉ tiêu {award.label}"
    context = result_frame(
        request, bloc_year, standing, page="quotas", title=title, crumbs=[_crumb(bloc_year)]
    )
    return render(
        request,
        "scoring/quota_edit.html",
        context
        | {
            "form": form,
            "submit": "Lưu chỉ tiêu",
            "after": "Khi thông qua kết quả, hệ thống đề nghị khen thưởng theo các chỉ tiêu này.",
            "back_url": reverse("quota_list", args=[bloc_year.pk]),
        },
    )


@require_http_methods(["GET", "POST"])
def award_new(request: HttpRequest, year_id: int) -> HttpResponse:
    """Name an award of the board."""
    bloc_year, standing = open_year(request, year_id)
    require(can_set_quotas(standing, bloc_year))
    form = AwardForm(request.POST or None)

    def deed() -> None:
        set_award(actor=person(request), board=bloc_year.board, **form.cleaned_data)

    if accepted(request, form, deed):
        label = form.cleaned_data["label"]
        messages.success(request, f"Đã lưu {label}. Tiếp theo đặt chỉ tiêu cho Khối.")
        return redirect("quota_list", year_id=bloc_year.pk)
    context = result_frame(
        request,
        bloc_year,
        standing,
        page="quotas",
        title="Hình thức khen thưởng của Hội đồng",
        crumbs=[_crumb(bloc_year)],
    )
    return render(
        request,
        "scoring/quota_edit.html",
        context
        | {
            "form": form,
            "submit": "Lưu hình thức khen thưởng",
            "after": "Mã đã có thì tên và thứ tự được thay bằng nội dung mới.",
            "back_url": reverse("quota_list", args=[bloc_year.pk]),
        },
    )


@require_http_methods(["GET", "POST"])
def ground_rules(request: HttpRequest, year_id: int) -> HttpResponse:
    """Set what the grounds for not considering do."""
    bloc_year, standing = open_year(request, year_id)
    require(can_set_grounds(standing, bloc_year))
    effects = effects_of(bloc_year)
    form = GroundRulesForm(request.POST or None, effects=effects)
    if form.is_valid():
        changed = {g: e for g, e in form.cleaned_data.items() if e != effects[g]}
        for ground, effect in changed.items():
            set_ground_rule(
                actor=person(request), bloc_year=bloc_year, ground=ground, effect=effect
            )
        messages.success(request, f"Đã lưu hệ quả của {len(changed)} căn cứ có thay đổi.")
        return redirect("quota_list", year_id=bloc_year.pk)
    context = result_frame(
        request,
        bloc_year,
        standing,
        page="quotas",
        title="Hệ quả của các căn cứ không xét thi đua",
        crumbs=[_crumb(bloc_year)],
    )
    return render(
        request,
        "scoring/quota_edit.html",
        context
        | {
            "form": form,
            "submit": "Lưu hệ quả của các căn cứ",
            "after": "Áp dụng cho quyết định ghi từ nay và cho căn cứ xét theo quy định.",
            "back_url": reverse("quota_list", args=[bloc_year.pk]),
        },
    )
