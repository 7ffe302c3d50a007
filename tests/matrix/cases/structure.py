"""Changes of structure: guided pages, each confirmed with the plan that was read."""

from __future__ import annotations

from typing import Any

from blocs.forms.structure import MergerForm, SplitForm
from blocs.models import Bloc, BlocYear
from blocs.selectors.standing import standing_in
from blocs.selectors.structure import years_to_join
from blocs.services.structure.blocs import plan_bloc_end
from blocs.services.structure.endings import plan_dissolution
from blocs.services.structure.mergers import plan_merger
from blocs.services.structure.moves import plan_leaving, plan_move
from blocs.services.structure.names import plan_bloc_name, plan_unit_name
from blocs.services.structure.records import Ground
from blocs.services.structure.splits import plan_split
from emulation.plans import Plan
from tests.matrix.cases.frame import Case, day, none, year
from tests.story import Story

REASON = "Thực hiện nghị quyết về sắp xếp tổ chức bộ máy"


def ground(story: Story) -> Ground:
    return Ground(story.day(), REASON)


def typed(story: Story, **values: Any) -> dict[str, Any]:
    return {"effective_on": day(story), "reason": REASON, **values}


def seen(data: dict[str, Any], plan: Plan) -> dict[str, Any]:
    """The body of whoever read the plan and confirms it."""
    assert plan.obstacles == ()
    return {**data, "seen": plan.fingerprint}


def unit(story: Story) -> dict[str, Any]:
    return {"unit_id": story.units["own"]}


def bloc(story: Story) -> dict[str, Any]:
    return {"bloc_id": story.keys["bloc"]}


def other_bloc(story: Story) -> dict[str, Any]:
    return {"bloc_id": story.keys["other_bloc"]}


def own_member(story: Story) -> dict[str, Any]:
    return year(story) | {"membership_id": story.membership("own").pk}


# ---------------------------------------------------------------- what is confirmed


def renamed(story: Story, _role: str) -> dict[str, Any]:
    name = "Sở Y tế và Dân số"
    return seen(typed(story, name=name), plan_unit_name(story.unit("own"), name, ground(story)))


def dissolved(story: Story, _role: str) -> dict[str, Any]:
    return seen(typed(story), plan_dissolution(story.unit("own"), ground(story)))


def split(story: Story, _role: str) -> dict[str, Any]:
    data = typed(story, continues="yes", name_1="Trung tâm Y tế")
    years = years_to_join(story.keys["board"])
    form = SplitForm(data, unit=story.unit("own"), bloc_years=years, joined=set())
    assert form.is_valid(), form.errors
    return seen(data, plan_split(form.split))


def merging(story: Story) -> dict[str, Any]:
    return {"don-vi": [story.units["own"], story.units["last"]]}


def merged(story: Story, _role: str) -> dict[str, Any]:
    units = sorted((story.unit("own"), story.unit("last")), key=lambda each: each.sorting)
    data = typed(story, into=str(story.units["own"]), kind="state", issuing_style="state",
                 people="move")  # fmt: skip
    form = MergerForm(
        data, units=units, bloc_years=years_to_join(story.keys["board"]), joined=set(), roles=()
    )
    assert form.is_valid(), form.errors
    return seen(data, plan_merger(form.merger))


def moved(story: Story, _role: str) -> dict[str, Any]:
    to = BlocYear.objects.select_related("bloc").get(pk=story.keys["other_year"])
    return seen(typed(story, to=to.pk), plan_move(story.membership("own"), to, ground(story)))


def left(story: Story, _role: str) -> dict[str, Any]:
    data = {"ends_on": "30/06/2025", "reason": REASON}
    clerk = standing_in(story.people["board"], story.year)
    ends_on = story.day().replace(month=6, day=30)
    return seen(data, plan_leaving(story.membership("own"), ends_on, clerk))


def bloc_renamed(story: Story, _role: str) -> dict[str, Any]:
    name = "Khối các sở"
    return seen(typed(story, name=name), plan_bloc_name(story.bloc, name, ground(story)))


def bloc_ended(story: Story, _role: str) -> dict[str, Any]:
    ended = Bloc.objects.get(pk=story.keys["other_bloc"])
    data = typed(story, successor=story.keys["bloc"])
    return seen(data, plan_bloc_end(ended, ground(story), story.bloc))


STRUCTURE = {
    "unit_merge": Case("running", none, merged, query=merging),
    "unit_merge@pick": Case("running", none),
    "unit_rename": Case("running", unit, renamed),
    "unit_split": Case("running", unit, split),
    "unit_dissolve": Case("running", unit, dissolved),
    "member_move": Case("running", own_member, moved),
    "member_end": Case("running", own_member, left),
    "bloc_rename": Case("running", bloc, bloc_renamed),
    "bloc_end": Case("running", other_bloc, bloc_ended),
}
