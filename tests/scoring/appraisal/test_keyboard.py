"""The appraiser's page line by line: what its script is answered, phrases, last year, unseen."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from blocs.enums import TermKind, YearStatus
from blocs.selectors.standing import standing_in
from emulation import clock
from emulation.access import Conflict, Refused
from scoring.models import EvidenceView, Rubric, ScoreLine, ScoreSheet, StockPhrase
from scoring.selectors.last_year import last_year_points
from scoring.selectors.phrases import often_given
from scoring.selectors.unopened import kept_unopened
from scoring.services.appraisal import accept_rest, finish_appraisal
from scoring.services.evidence import add_evidence
from scoring.services.rubrics import copy_rubric
from scoring.services.stock_phrases import drop_phrase, keep_phrase
from tests.factories import make_bloc_year, make_membership, set_term
from tests.scoring.appraisal.builders import Scene, cut, get, submitted_scene, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    """Every sheet handed in, nothing judged."""
    return submitted_scene(3)


def send(client: Any, scene: Scene, code: str, **typed: str) -> Any:
    """Post one line as the page's script does."""
    line = scene.line(code)
    prefix = f"c{line.criterion_id}"
    data = {f"{prefix}-v": str(line.version), f"{prefix}-o": "shown"}
    named = {key: value for key, value in typed.items() if key in ("keep", "keep_rest")}
    data |= named | {f"{prefix}-{k}": v for k, v in typed.items() if k not in named}
    address = reverse("appraise_save", args=[scene.sheets[2].pk])
    return client.post(address, data, headers={"HX-Request": "true"})


def test_a_line_kept_is_answered_with_itself_and_every_sum(as_user: Any, scene: Scene) -> None:
    client = as_user(scene.secretary)
    line = scene.line("A2")
    response = send(client, scene, "A2", keep=str(line.criterion_id))
    page = text(response)
    assert response.status_code == 200
    assert "Đã lưu " in page
    assert f'id="dong-{line.criterion_id}"' in page
    assert f'id="dong-{scene.line("A1").criterion_id}"' not in page
    for piece in ("tinh-trang", "viec-tiep", "tong-hop", "chenh-lech"):
        assert f'id="{piece}"' in page
    assert scene.line("A2").appraised_points == line.self_points


def test_a_cut_without_reason_and_a_stale_line_come_back_as_typed(
    as_user: Any, scene: Scene
) -> None:
    client = as_user(scene.secretary)
    response = send(client, scene, "A2", n="6")
    assert response.status_code == 422
    assert "đề nghị ghi lý do" in text(response)
    assert 'value="6"' in text(response)
    line = scene.line("A2")
    cut(scene, n="9")
    prefix = f"c{line.criterion_id}"
    data = {f"{prefix}-v": str(line.version), f"{prefix}-o": "", f"{prefix}-n": "4",
            f"{prefix}-reason": "Bản của tôi"}  # fmt: skip
    address = reverse("appraise_save", args=[scene.sheets[2].pk])
    response = client.post(address, data, headers={"HX-Request": "true"})
    assert response.status_code == 409
    assert "9 lỗi" in text(response)
    assert "Bản của tôi" in text(response)


def test_differences_are_summed_by_section_and_listed(as_user: Any, scene: Scene) -> None:
    cut(scene)
    page = get(as_user(scene.secretary), "appraise", scene.sheets[2].pk)
    listed = page[page.index('id="chenh-lech"') :]
    assert "−1,50" in listed
    assert f'href="#dong-{scene.line("A2").criterion_id}"' in listed
    assert "Văn phòng ghi nhận 6 văn bản chậm" in listed


def test_phrases_are_ones_own_and_what_the_bloc_says_often(as_user: Any, scene: Scene) -> None:
    for code in ("A2", "A4"):
        typed = {"n": "6"} if code == "A2" else {"points": "40"}
        cut(scene, code, **typed)
    client = as_user(scene.secretary)
    address = reverse("stock_phrase", args=[scene.sheets[2].pk])
    assert client.post(address, {"phrase": "  Sổ   theo dõi "}).status_code == 302
    page = get(client, "appraise", scene.sheets[1].pk)
    assert page.index("Sổ theo dõi") < page.index("Văn phòng ghi nhận 6 văn bản chậm")
    assert "Đề nghị ghi lý do mẫu" in text(client.post(address, {"phrase": " "}))
    phrase = StockPhrase.objects.get(user=scene.secretary)
    client.post(address, {"drop": str(phrase.pk)})
    assert "Sổ theo dõi" not in get(client, "appraise", scene.sheets[1].pk)
    with pytest.raises(Conflict):
        drop_phrase(actor=scene.secretary, sheet=scene.sheet(), phrase_id=phrase.pk)
    assert keep_phrase(actor=scene.secretary, sheet=scene.sheet(), text="Sổ theo dõi") == phrase


def test_what_the_head_wrote_is_no_phrase_for_its_stand_in(scene: Scene) -> None:
    for code, typed in (("A2", {"n": "6"}), ("A4", {"points": "40"})):
        cut(scene, code, **typed)
    deputy = scene.world.deputy_officer
    standing = standing_in(deputy, scene.world.bloc_year)
    assert often_given(standing, scene.sheet(0)) == []
    with pytest.raises(Refused):
        keep_phrase(actor=deputy, sheet=scene.sheet(2), text="Sổ theo dõi")


def test_last_year_is_what_was_published(scene: Scene, django_assert_max_num_queries: Any) -> None:
    before, year = scene.world, scene.world.bloc_year.year + 1
    for line in ScoreLine.objects.filter(sheet=scene.sheets[2]):
        line.final_points = line.self_points
        line.save(update_fields=["final_points"])
    ScoreSheet.objects.filter(pk=scene.sheets[2].pk).update(
        status="approved", approved_at=clock.now(), approved_by=scene.head
    )
    bloc_year = make_bloc_year(before.bloc, year=year, status=YearStatus.RUNNING)
    set_term(bloc_year, before.units[0], TermKind.HEAD)
    member = make_membership(bloc_year, before.units[2])
    rubric = copy_rubric(actor=scene.secretary, bloc_year=bloc_year, source=Rubric.objects.get())
    sheet = ScoreSheet.objects.create(
        board=before.board, bloc_year=bloc_year, membership=member, rubric=rubric
    )
    rubric.criteria.filter(code="A4").update(code="A9")
    rubric.criteria.filter(code="A1").update(code="A4", origin=None)
    assert last_year_points(sheet) == {}
    before.set_status(YearStatus.DECIDED)
    before.bloc_year.published_at, before.bloc_year.published_by = clock.now(), scene.head
    before.bloc_year.save(update_fields=["published_at", "published_by"])
    with django_assert_max_num_queries(2):
        found = last_year_points(sheet)
    codes = dict(rubric.criteria.values_list("pk", "code"))
    named = {codes[pk]: points for pk, points in found.items()}
    assert named["A9"] == Decimal("48.50")
    assert "A4" not in named


def test_the_approver_sees_what_was_kept_unopened(as_user: Any, scene: Scene) -> None:
    line = scene.line("A1")
    file = SimpleUploadedFile("bao-cao.pdf", b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n")
    ScoreSheet.objects.filter(pk=line.sheet_id).update(status="drafting")
    evidence = add_evidence(
        actor=scene.world.officers[2], line=scene.line("A1"), uploaded=file, title="Báo cáo"
    )
    ScoreSheet.objects.filter(pk=line.sheet_id).update(status="submitted")
    accept_rest(actor=scene.secretary, sheet=scene.sheet())
    finish_appraisal(actor=scene.secretary, sheet=scene.sheet())
    assert kept_unopened([line.sheet_id]) == {line.sheet_id: {line.pk}}
    page = get(as_user(scene.head), "approve", line.sheet_id)
    assert "chưa mở hết tệp minh chứng" in page
    chosen = get(as_user(scene.head), "approve_several", line.sheet.bloc_year_id,
                 sheet=line.sheet_id)  # fmt: skip
    assert "giữ điểm mà chưa mở minh chứng: A1" in chosen
    EvidenceView.objects.create(
        evidence=evidence, user=scene.secretary, at=clock.now() - dt.timedelta(1)
    )
    assert kept_unopened([line.sheet_id]) == {}
