"""What people find on their desks in the explanation round and after publication."""

from __future__ import annotations

import datetime as dt

import pytest

from blocs.services.deadlines import set_deadline
from emulation import clock
from scoring.models import Explanation
from scoring.services.explanations import explain_line, request_explanation
from scoring.tasks import desk
from tests.story import Story

pytestmark = pytest.mark.django_db


def titles(story: Story, role: str) -> set[str]:
    person = story.person(role)
    assert person is not None
    return {task.title for task in desk(person).tasks}


def awaited(story: Story, role: str) -> set[str]:
    person = story.person(role)
    assert person is not None
    return {each.unit for each in desk(person).awaited}


def test_whoever_may_answer_is_told_as_soon_as_a_unit_argues() -> None:
    story = Story("appraising")
    with story.clock():
        unit = story.membership().unit_name
        secretary = story.officer_of("head")
        request_explanation(actor=secretary, sheet=story.sheet(), due_on=story.day(5))
        assert "Giải trình điểm thẩm định" in titles(story, "officer")
        assert unit in awaited(story, "secretary")
        assert not any("giải trình" in each for each in titles(story, "head"))
        for each in Explanation.objects.filter(line__sheet=story.sheet()).order_by("pk"):
            explain_line(
                actor=story.officer_of("own"), line=each.line, agrees=False, text="Đơn vị có sổ."
            )
        assert "Giải trình điểm thẩm định" not in titles(story, "officer")
        assert unit not in awaited(story, "secretary")
        assert "Trả lời giải trình 1 bảng chấm điểm" in titles(story, "head")
        assert "Trả lời và kết thúc giải trình 1 bảng chấm điểm" in titles(story, "secretary")


def test_a_unit_is_led_to_the_published_result_while_it_may_appeal() -> None:
    story = Story("decided")
    with story.clock():
        assert "Xem kết quả đã công bố" not in titles(story, "officer")
    story.go_to("published")
    with story.clock():
        assert "Xem kết quả đã công bố" in titles(story, "officer")
        assert "Kết quả đã công bố ngày" in story.year.what_next
        last = clock.now() + dt.timedelta(days=story.year.appeal_days + 1)
    with clock.at(last):
        assert "Xem kết quả đã công bố" not in titles(story, "officer")


def test_appraising_has_the_deadline_of_the_year() -> None:
    story = Story("submitted")
    with story.clock():
        due_on = story.day(9)
        set_deadline(
            actor=story.officer_of("head"), bloc_year=story.year, kind="appraisal", due_on=due_on
        )
        tasks = {task.title: task for task in desk(story.officer_of("head")).tasks}
        found = [task for title, task in tasks.items() if title.startswith("Thẩm định")]
        assert [task.due_on for task in found] == [due_on]
