"""The kit of every page: tags, filters, fields and forms."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.template import Context, RequestContext, Template
from django.test import RequestFactory

from emulation import clock
from emulation.access import ALLOWED, refuse
from emulation.enums import Face, Tone
from emulation.forms import (
    DAY_ERROR,
    NUMBER_ERROR,
    DayField,
    NumberField,
    OfficialForm,
    PasswordForm,
    ReasonForm,
    given_reason,
    parse_number,
)
from emulation.history import Entry
from emulation.models import User
from emulation.tasks import Awaited, Desk, Task
from emulation.workflow import REASON_MAX_LENGTH, Blocker, Offer, Transition

SCRIPT = "<script>alert(1)</script>"
ESCAPED = "&lt;script&gt;alert(1)&lt;/script&gt;"
NOON = dt.datetime(2026, 12, 17, 12, 0, tzinfo=clock.VIETNAM)


def show(source: str, **values: Any) -> str:
    """Render ``source`` with single spaces, as a reader sees it."""
    request = values.pop("request", RequestFactory().get("/don-vi/?q=so&nam=2026&page=2"))
    context = RequestContext(request, values) if request else Context(values)
    return " ".join(Template(source).render(context).split())


@pytest.fixture
def noon():
    with clock.at(NOON):
        yield


# ---------------------------------------------------------------- formats


@pytest.mark.parametrize(
    ("source", "value", "expected"),
    [
        ("{{ x|points }}", Decimal("97.25"), "97,25"),
        ("{{ x|points }}", Decimal(0), "0,00"),
        ("{{ x|points }}", None, "chưa chấm"),
        ("{{ x|signed }}", Decimal(5), "+5,00"),
        ("{{ x|signed }}", Decimal(-1), "−1,00"),
        ("{{ x|signed }}", None, "chưa chấm"),
        ("{{ x|number }}", Decimal("7.50"), "7,5"),
        ("{{ x|number }}", None, ""),
        ("{{ x|day }}", dt.date(2022, 12, 9), "09/12/2022"),
        ("{{ x|day }}", dt.datetime(2022, 12, 8, 18, tzinfo=dt.UTC), "09/12/2022"),
        ("{{ x|day }}", None, ""),
        (
            "{{ x|moment }}",
            dt.datetime(2026, 12, 20, 16, 59, tzinfo=dt.UTC),
            "23:59 ngày 20/12/2026",
        ),
        ("{{ x|moment }}", None, ""),
        (
            "{% names x %}",
            ["Sở Y tế", "Sở Nội vụ", "Sở Tư pháp"],
            "Sở Y tế, Sở Nội vụ và Sở Tư pháp",
        ),
    ],
)
def test_formats(source, value, expected):
    assert show(source, x=value) == expected


# ---------------------------------------------------------------- small pieces


def test_badge_speaks_to_officials_and_to_the_unit():
    face = Face("Đang thẩm định", "Đã nộp", Tone.GOOD, "Chờ thẩm định.")
    assert "Đang thẩm định" in show("{% badge x %}", x=face)
    shown = show("{% badge_unit x %}", x=face)
    assert "Đã nộp" in shown
    assert "badge-good" in shown


@pytest.mark.parametrize(
    "source",
    [
        "{% chip x %}",
        "{% example True x %}",
        "{% copy x x %}",
        "{% fact x x x %}",
        "{% bar parts total %}",
    ],
)
def test_words_of_people_are_escaped(source):
    shown = show(source, x=SCRIPT, parts=[(SCRIPT, Decimal(1), "")], total=Decimal(2))
    assert SCRIPT not in shown
    assert ESCAPED in shown


def test_example_is_silent_for_real_data():
    assert show("{% example False 'điểm số' %}") == ""
    assert "ví dụ: điểm số" in show("{% example True 'điểm số' %}")


@pytest.mark.parametrize(
    ("on", "tone", "words"),
    [
        (dt.date(2026, 12, 16), "bad", "quá hạn 1 ngày"),
        (dt.date(2026, 12, 17), "warning", "hạn hôm nay"),
        (dt.date(2026, 12, 20), "warning", "còn 3 ngày"),
        (dt.date(2027, 1, 30), "quiet", "còn 44 ngày"),
    ],
)
def test_due_says_how_long_and_until_when(noon, on, tone, words):
    shown = show("{% due x %}", x=on)
    assert f"badge-{tone}" in shown
    assert words in shown
    assert f"{on:%d/%m/%Y}, 23:59" in shown


def test_due_shows_the_hour_of_a_moment_and_nothing_for_none(noon):
    meeting = dt.datetime(2027, 1, 5, 8, 0, tzinfo=clock.VIETNAM)
    assert "05/01/2027, 08:00" in show("{% due x %}", x=meeting)
    assert show("{% due x %}", x=None) == ""


@pytest.mark.parametrize(
    ("value", "kind", "words"),
    [
        (Decimal("-1.5"), "diff-down", "▼ </span>−1,50"),
        (Decimal("0.5"), "diff-up", "▲ </span>+0,50"),
        (Decimal(0), "diff-same", "0,00"),
        (None, "diff-none", "chưa có"),
    ],
)
def test_difference_by_sign_colour_and_icon(value, kind, words):
    shown = show("{% diff x %}", x=value)
    assert kind in shown
    assert words in shown


def test_bar_draws_deductions_over_the_end_and_leaves_out_the_unscored():
    parts = [("A", Decimal(40), ""), ("B", None, ""), ("trừ", Decimal(-10), "minus")]
    shown = show("{% bar parts total %}", parts=parts, total=Decimal(100))
    assert '<rect class="bar-1" x="0.0" width="400.0"' in shown
    assert '<rect class="bar-minus" x="300.0" width="100.0"' in shown
    assert "<title>A 40,00 · trừ −10,00</title>" in shown
    assert "style=" not in shown


def test_bar_without_anything_scored():
    shown = show("{% bar parts total %}", parts=[("A", None, "")], total=Decimal(0))
    assert "<title>chưa chấm</title>" in shown
    assert "<rect" not in shown


def test_back_url_is_ours_or_nothing():
    ours = RequestFactory().get("/a/", HTTP_REFERER="http://testserver/b/")
    foreign = RequestFactory().get("/a/", HTTP_REFERER="http://example.org/b/")
    assert show("{% back_url %}", request=ours) == "http://testserver/b/"
    assert show("{% back_url %}", request=foreign) == ""
    assert show("{% back_url %}", request=None) == ""


# ---------------------------------------------------------------- offers

RETURN = Transition(
    name="return",
    sources=("submitted",),
    target="returned",
    label="Trả lại đơn vị",
    what_next="Đơn vị sửa và nộp lại.",
)


def test_open_offer_is_one_button_and_what_happens_then():
    shown = show("{% offer x '/tra-lai/' %}", x=Offer(RETURN, ALLOWED))
    assert 'action="/tra-lai/"' in shown
    assert 'name="transition" value="return"' in shown
    assert "Đơn vị sửa và nộp lại." in shown
    assert "btn-primary" in shown
    assert "disabled" not in shown
    assert "btn-quiet" in show("{% offer x '/' quiet=True %}", x=Offer(RETURN, ALLOWED))


def test_refused_offer_is_disabled_and_says_why():
    refused = Offer(RETURN, refuse(f"Chỉ thư ký Khối trả lại được. {SCRIPT}"))
    shown = show("{% offer x '/tra-lai/' %}", x=refused)
    assert "disabled" in shown
    assert "Chỉ thư ký Khối trả lại được." in shown
    assert "<form" not in shown
    assert SCRIPT not in shown


def test_hard_blocker_names_who_and_where():
    blocker = Blocker("Chưa ký giao ước:", names=("Sở Y tế", "Sở Nội vụ"), url="/ky/")
    shown = show("{% offer x '/' %}", x=Offer(RETURN, ALLOWED, (blocker,)))
    assert "disabled" in shown
    assert "Sở Y tế và Sở Nội vụ." in shown
    assert 'href="/ky/"' in shown


def test_soft_blocker_asks_a_reason_and_states_the_effect_first():
    blocker = Blocker("Chưa nộp:", hard=False, names=("Sở Y tế",), effect="Không được xếp hạng.")
    shown = show(
        "{% offer x '/' phrases %}", x=Offer(RETURN, ALLOWED, (blocker,)), phrases=["Có văn bản"]
    )
    assert "<details" in shown
    assert 'name="phrase" value="Có văn bản"' in shown
    assert f'maxlength="{REASON_MAX_LENGTH}"' in shown
    assert shown.index("Không được xếp hạng.") < shown.index('<button type="submit"')
    assert shown.index("Đơn vị sửa và nộp lại.") < shown.index('<button type="submit"')


# ---------------------------------------------------------------- larger pieces


def test_stepper_says_states_in_words_and_needs_only_label_and_state():
    steps = [{"label": "Ký giao ước", "state": "done"}, {"label": "Tự chấm", "state": "current"}]
    shown = show("{% stepper x %}", x=steps)
    assert shown.count('aria-current="step"') == 1
    assert "(đã xong)" in shown
    assert "(đang làm)" in shown


def task(title: str, due_on: dt.date | None = None, *, ready: bool = True) -> Task:
    return Task("Thư ký Khối", title, "/", due_on=due_on, ready=ready)


def test_tasks_put_pressing_ones_first_and_fold_none_away(noon):
    desk = Desk(
        (
            task("Phân công", dt.date(2027, 3, 1)),
            task("Chuẩn bị Hội nghị", ready=False),
            task("Thẩm định", dt.date(2026, 12, 16)),
        )
    )
    shown = show("{% tasks x %}", x=desk)
    order = ["Quá hạn và đến hạn", "Thẩm định", "Đang mở", "Phân công", "Sắp tới", "Chuẩn bị"]
    assert [shown.index(each) for each in order] == sorted(shown.index(each) for each in order)


def test_empty_desk_says_who_is_awaited():
    owed = "nộp bảng tự chấm điểm"
    desk = Desk(awaited=(Awaited("c", owed, "Sở Y tế"), Awaited("c", owed, "Sở Nội vụ")))
    shown = show("{% tasks x %}", x=desk)
    assert "Không còn việc nào." in shown
    assert "Đang chờ 2 đơn vị nộp bảng tự chấm điểm: Sở Y tế, Sở Nội vụ." in shown


def test_awaited_gives_contact_and_reminder():
    each = Awaited("c", "nộp phiếu", "Sở Y tế", "Lê Hoa", "0987 000 001", "Kính gửi Sở Y tế")
    shown = show("{% awaited x %}", x=Desk(awaited=(each,)))
    assert "Lê Hoa · 0987 000 001" in shown
    assert 'data-copy="Kính gửi Sở Y tế"' in shown


def test_a_long_group_of_those_awaited_folds_beyond_five():
    each = [Awaited("c", "nộp phiếu", f"Sở {number}") for number in range(7)]
    shown = show("{% awaited x %}", x=Desk(awaited=tuple(each)))
    assert "7 đơn vị" in shown
    assert shown.index("Sở 4") < shown.index("Xem 2 đơn vị còn lại") < shown.index("Sở 5")
    assert "còn lại" not in show("{% awaited x %}", x=Desk(awaited=tuple(each[:5])))


def test_a_lone_crumb_without_a_link_is_not_shown():
    page = '{% include "components/crumbs.html" with crumbs=x %}'
    assert show(page, x=[("Hội đồng", None)]) == show(page, x=[]) == ""
    assert "Đơn vị" in show(page, x=[("Đơn vị", "/don-vi/"), ("Sở Y tế", None)])


def test_history_is_newest_first_and_folds_beyond_ten():
    entries = [
        Entry(NOON + dt.timedelta(hours=i), f"Người {i:02}", "Thư ký", "Sửa điểm", reason=SCRIPT)
        for i in range(12)
    ]
    shown = show("{% history x %}", x=entries)
    assert shown.index("Người 11") < shown.index("Người 00")
    assert "Xem 2 dòng cũ hơn" in shown
    assert SCRIPT not in shown
    assert "Chưa có thay đổi" in show("{% history x %}", x=[])


def test_pager_and_search_keep_the_rest_of_the_address():
    page = Paginator(range(95), 25).page(2)
    shown = show("{% pager x 'đơn vị' %}", x=page)
    assert "Trang 2/4 · đơn vị 26–50 trong 95" in shown
    assert "?q=so&amp;nam=2026&amp;page=3" in shown
    shown = show("{% search_box 'so' 'Tìm đơn vị' %}")
    assert 'name="nam" value="2026"' in shown
    assert 'name="page"' not in shown
    assert show("{% pager x %}", x=Paginator(range(3), 25).page(1)) == ""


# ---------------------------------------------------------------- fields


@pytest.mark.parametrize(
    "typed", ["20/12/2026", "20-12-2026", "20.12.2026", "20122026", " 20/12/2026 "]
)
def test_day_is_read_day_first(typed):
    assert DayField().clean(typed) == dt.date(2026, 12, 20)


def test_day_never_becomes_a_month():
    assert DayField().clean("05/06/2026") == dt.date(2026, 6, 5)


@pytest.mark.parametrize("typed", ["2026-12-20", "20/12/26", "20/12/0026", "mai"])
def test_day_refuses_in_words(typed):
    with pytest.raises(ValidationError) as caught:
        DayField().clean(typed)
    assert caught.value.messages == [DAY_ERROR]


def test_a_day_that_the_calendar_lacks_is_named():
    with pytest.raises(ValidationError) as caught:
        DayField().clean("31/02/2026")
    assert caught.value.messages == ["Không có ngày 31/02/2026. Đề nghị xem lại ngày và tháng."]


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("7,5", "7.5"),
        ("7.5", "7.5"),
        (" 1 000 ", "1000"),
        ("−1", "-1"),
        ("1.234,5", "1234.5"),
        ("1.234.567", "1234567"),
        ("0.125", "0.125"),
    ],
)
def test_numbers_as_people_type_them(typed, value):
    assert parse_number(typed) == Decimal(value)


@pytest.mark.parametrize("typed", ["", "bảy", "1e5", "NaN", "Infinity", "7,5,1", "12abc"])
def test_what_is_no_number(typed):
    with pytest.raises(ValueError) as caught:
        parse_number(typed)
    assert str(caught.value) == NUMBER_ERROR


def test_a_number_with_two_readings_is_asked_back():
    with pytest.raises(ValidationError) as caught:
        NumberField().clean("1.000")
    assert caught.value.messages == ["“1.000” đọc được hai cách. Đề nghị viết 1000 hoặc 1,000."]


@pytest.mark.parametrize(
    ("bounds", "typed", "message"),
    [
        ({"min_value": 0, "max_value": Decimal("7.5")}, "8", "Phải là số từ 0 đến 7,5."),
        ({"min_value": 0}, "-1", "Phải là số từ 0 trở lên."),
        ({"max_value": 10}, "11", "Phải là số không quá 10."),
        ({"decimal_places": 2}, "1,1234", "Nhiều nhất 2 chữ số sau dấu phẩy."),
        ({"max_value": 1, "error_messages": {"max_value": "Quá một."}}, "2", "Quá một."),
    ],
)
def test_number_names_its_bound(bounds, typed, message):
    with pytest.raises(ValidationError) as caught:
        NumberField(**bounds).clean(typed)
    assert caught.value.messages == [message]


def test_number_is_shown_with_a_comma_and_compared_by_value():
    field = NumberField(required=False)
    assert field.prepare_value(Decimal("7.50")) == "7,5"
    assert field.prepare_value("7.50abc") == "7.50abc"
    assert field.clean(" ") is None
    assert not field.has_changed(Decimal("7.50"), "7,5")
    assert field.has_changed(Decimal("7.50"), "bảy")


# ---------------------------------------------------------------- forms


class UnitForm(OfficialForm):
    name = forms.CharField(label="Tên đơn vị", max_length=5)
    kind = forms.ChoiceField(label="Loại", choices=[("so", "Sở")])
    founded_on = DayField(label="Ngày thành lập")
    members = forms.IntegerField(label="Số người", min_value=1)
    phone = forms.CharField(label="Điện thoại", required=False)
    code = forms.CharField(label="Mã", error_messages={"required": "Mã nằm ở góc phiếu."})


def test_every_refusal_is_vietnamese_and_names_its_field():
    form = UnitForm({"name": "Sở Y tế", "kind": "x", "founded_on": "hôm qua", "members": "0"})
    assert form.errors == {
        "name": ["“Tên đơn vị” dài 7 ký tự; tối đa 5 ký tự. Đề nghị viết gọn lại."],
        "kind": ["Lựa chọn không có trong danh sách “Loại”. Đề nghị chọn lại."],
        "founded_on": [DAY_ERROR],
        "members": ["“Số người” nhỏ nhất là 1."],
        "code": ["Mã nằm ở góc phiếu."],
    }


def test_required_says_what_to_do():
    form = UnitForm({})
    assert form.errors["name"] == ["Đề nghị nhập “Tên đơn vị”."]
    assert form.errors["kind"] == ["Đề nghị chọn “Loại”."]
    assert "phone" not in form.errors
    assert form.fields["phone"].label == "Điện thoại (không bắt buộc)"


def test_error_summary_links_to_fields_and_names_them():
    shown = show("{% error_summary x %}", x=UnitForm({"name": SCRIPT, "founded_on": "mai"}))
    assert '<a href="#id_kind">Đề nghị chọn “Loại”.</a>' in shown
    assert f"Ngày thành lập: {DAY_ERROR}" in shown
    assert show("{% error_summary x %}", x=UnitForm()) == ""
    lines = [("o-a1", f"A1: {SCRIPT}"), ("", "Thiếu.")]
    shown = show("{% error_summary x %}", x=lines)
    assert 'href="#o-a1"' in shown
    assert SCRIPT not in shown


def test_form_component_keeps_what_was_typed():
    form = UnitForm({"name": SCRIPT, "founded_on": "mai"})
    shown = show('{% include "components/form.html" with submit="Lưu đơn vị" %}', form=form)
    assert 'value="mai"' in shown
    assert "Lưu đơn vị" in shown
    assert SCRIPT not in shown
    assert "style=" not in shown


@pytest.mark.parametrize(
    ("phrase", "own", "reason"),
    [
        ("Thiếu minh chứng.", "tiêu chí A2", "Thiếu minh chứng. tiêu chí A2"),
        ("Thiếu minh chứng", "", "Thiếu minh chứng"),
        ("", "  Vì sai số. ", "Vì sai số."),
        ("", " ", ""),
    ],
)
def test_reason_is_phrase_own_words_or_both(phrase, own, reason):
    assert given_reason({"phrase": phrase, "reason": own}) == reason


def test_reason_form_asks_for_one_of_the_two_and_that_it_fits():
    phrases = ["Thiếu minh chứng"]
    assert ReasonForm({}, phrases=phrases).errors == {"reason": ["Đề nghị ghi lý do."]}
    form = ReasonForm({"phrase": phrases[0]}, phrases=phrases)
    assert form.is_valid()
    assert form.given == "Thiếu minh chứng"
    both = {"phrase": phrases[0], "reason": "x" * REASON_MAX_LENGTH}
    assert "tối đa 2000 ký tự" in ReasonForm(both, phrases=phrases).errors["reason"][0]
    assert "phrase" in ReasonForm({"phrase": "khác"}, phrases=phrases).errors


@pytest.mark.django_db
def test_password_form_says_what_to_do():
    form = PasswordForm(User(username="a"), {"old_password": "", "new_password1": "x"})
    assert form.errors["old_password"] == ["Đề nghị nhập “Mật khẩu đang dùng”."]
    assert form.errors["new_password2"] == ["Đề nghị nhập “Nhập lại mật khẩu mới”."]
