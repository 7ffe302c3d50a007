"""What a rubric's page tells its readers of the table as a whole."""

from __future__ import annotations

import html
from typing import Any

import pytest
from django.urls import reverse

from blocs.enums import YearStatus
from scoring.enums import SectionKind
from scoring.models import GradeBand, Rubric, Section
from scoring.services.rubrics import copy_rubric
from tests.factories import World, make_world
from tests.scoring.builders import make_rubric
from tests.scoring.sheet.test_saving import long_document

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world(3, status=YearStatus.RUNNING)


def page_of(client: Any, name: str, *args: int) -> str:
    response = client.get(reverse(name, args=args))
    assert response.status_code == 200
    return html.unescape(response.content.decode())


def test_a_table_says_all_that_its_grades_ask_for(client, world: World) -> None:
    bands: list[dict[str, Any]] = [
        {"name": "Xuất sắc", "lower_bound": "90", "max_share_of_units": "0.2",
         "share_base": "next_or_higher", "overflow": "Tốt",
         "section_floors": [["A", "0.85"], ["B", None]]},
        {"name": "Tốt", "lower_bound": "80", "min_criterion_share": "0.5"},
        {"name": "Chưa đạt", "lower_bound": "0"},
    ]  # fmt: skip
    rubric = make_rubric(world, long_document(3), issued=False)
    GradeBand.objects.filter(rubric=rubric).delete()
    for band in bands:
        GradeBand.objects.create(rubric=rubric, **band)
    Rubric.objects.filter(pk=rubric.pk).update(rounding="0.5")
    client.force_login(world.secretary)
    page = page_of(client, "rubric", rubric.pk)
    top = "Xuất sắc từ 90, phần A đạt 85%, phần B phải đạt, văn bản không ghi ngưỡng"
    share = "không quá 20% số đơn vị từ mức liền dưới trở lên, vượt thì xếp Tốt"
    for words in (
        f"{top}, {share}",
        "Tốt từ 80, mỗi tiêu chí đạt 50%",
        "đến 0,5 điểm",
    ):
        assert words in page


@pytest.mark.parametrize(
    ("kind", "most", "said"),
    [
        ("base", None, "tối đa bằng tổng các tiêu chí"),
        ("plus", None, "không giới hạn"),
        ("minus", "7.5", "tối đa 7,5 điểm"),
    ],
)
def test_a_section_says_its_maximum(client, world: World, kind: str, most: Any, said: str) -> None:
    rubric = make_rubric(world, long_document(3), issued=False)
    section = Section.objects.filter(rubric=rubric).order_by("pk").first()
    assert section
    Section.objects.filter(pk=section.pk).update(kind=SectionKind[kind.upper()], max_points=most)
    client.force_login(world.secretary)
    for name in ("rubric", "rubric_editor"):
        page = page_of(client, name, rubric.pk)
        assert f", {said}</span>" in page
        assert "không giới hạn điểm" not in page


def test_what_was_found_in_a_frozen_table_waits_for_the_next_version(client, world: World) -> None:
    rubric = make_rubric(world)
    client.force_login(world.secretary)
    said = "chỉ sửa được ở lần ban hành sau"
    assert said in page_of(client, "rubric", rubric.pk)
    draft = copy_rubric(actor=world.secretary, bloc_year=world.bloc_year, source=rubric)
    for name in ("rubric", "rubric_editor"):
        assert said not in page_of(client, name, draft.pk)
