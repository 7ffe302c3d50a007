"""One sheet, many hands: nothing is lost, nothing is counted twice, everybody is told."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from threading import Event, Thread
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from blocs.enums import YearStatus
from emulation import clock
from emulation.access import Conflict, Refused
from emulation.models import User
from scoring.enums import PointStage, SheetStatus
from scoring.models import PointChange, ScoreLine, ScoreSheet, SheetTransition, StageTotal
from scoring.services import sheets as sheet_services
from scoring.services.approval import approve_sheet, approve_sheets
from scoring.services.sheet_lock import locked_sheet
from scoring.services.sheets import LineDraft, Saving, save_lines, submit_sheet
from tests.factories import World
from tests.races.conftest import IS_POSTGRESQL, MANY, PATIENCE, ROUNDS, at_once
from tests.scoring.appraisal.builders import appraise_all, submitted_scene
from tests.scoring.builders import make_scoring_world, sheet_of

LINES = 10
STEP = Decimal("0.25")
TABLE: dict[str, Any] = {
    "title": "Bảng chấm điểm",
    "scale_max": 10 * LINES,
    "late_policy": "refuse",
    "grades": [["Đạt", 50], ["Chưa đạt", 0]],
    "tie_breaks": ["share"],
    "sections": [
        {
            "code": "A",
            "kind": "BASE",
            "title": "Phần chung",
            "max": 10 * LINES,
            "criteria": [
                {
                    "code": f"A{number}",
                    "title": f"Nhiệm vụ {number}",
                    "max": 10,
                    "kind": "direct",
                    "step": "0.25",
                }
                for number in range(LINES)
            ],
        }
    ],
}


def a_world(members: int = 3, due_on: dt.date | None = None) -> World:
    """A bloc that scores itself by ten lines of points as typed."""
    return make_scoring_world(members, document=TABLE, due_on=due_on)


def lines_of(sheet: ScoreSheet) -> list[ScoreLine]:
    return list(sheet.lines.select_related("criterion").order_by("criterion__code"))


def changes_of(sheet: ScoreSheet) -> int:
    return PointChange.objects.filter(line__sheet=sheet, stage=PointStage.SELF).count()


def typed(line: ScoreLine, points: Decimal) -> dict[int, LineDraft]:
    """What a person sends who sees the line as it stands."""
    return {line.criterion_id: LineDraft({"points": str(points)}, line.version)}


def fill(world: World, place: int) -> ScoreSheet:
    """Enter every line of a unit's sheet."""
    sheet = sheet_of(world, place)
    drafts = {key: each for line in lines_of(sheet) for key, each in typed(line, STEP).items()}
    save_lines(actor=world.officers[place], sheet=sheet, lines=drafts)
    return sheet_of(world, place)


# ---------------------------------------------------------------- many save at once


def test_many_save_one_sheet() -> None:
    """Four on each of three lines: of four one is kept, the others get what it wrote."""
    world = a_world()
    sheet, officer = fill(world, 2), world.officers[2]
    for number in ROUNDS:
        before, rows = changes_of(sheet), lines_of(sheet)[:3]
        sent = [_sent(rows[saver % 3], saver // 3, number) for saver in range(12)]
        deeds = [partial(save_lines, actor=officer, sheet=sheet, lines=each) for each in sent]
        results: list[Saving] = at_once(deeds)
        accepted = [each for each in results if each.is_whole]
        assert sorted(code for each in accepted for code in each.saved) == [
            row.criterion.code for row in rows
        ]
        assert len(accepted) == changes_of(sheet) - before
        _check_the_refused(results, lines_of(sheet))


def _sent(line: ScoreLine, saver: int, number: int) -> dict[int, LineDraft]:
    """Points that no other saver of the line sends, this time or the last."""
    return typed(line, STEP * (2 + saver + 4 * (number % 8)))


def _check_the_refused(results: list[Saving], kept: list[ScoreLine]) -> None:
    """Every clash tells what stands; the total is that of the lines that stand."""
    stand = {line.criterion_id: line for line in kept}
    for saving in results:
        for key, clash in saving.clashes.items():
            assert clash.version == stand[key].version
            assert clash.entered
            assert clash.entered.points == stand[key].self_points
            assert clash.author
    total = StageTotal.objects.get(sheet=results[0].sheet, stage=PointStage.SELF)
    assert total.total == sum(line.self_points or 0 for line in kept)


def test_fifty_send_the_page(settings: Any) -> None:
    """Five on each line: 302 for the one that is kept, 409 with both values for the others."""
    settings.POSTS_ALLOWED = 10 * MANY
    world = a_world()
    sheet, officer = fill(world, 2), world.officers[2]
    before, rows = changes_of(sheet), lines_of(sheet)[: MANY // 5]
    each = len(rows)
    sent = [_posted(rows[saver % each], STEP * (2 + saver // each)) for saver in range(MANY)]
    url = reverse("sheet_save", args=[sheet.pk])
    answers = at_once([partial(_logged_in(officer).post, url, body) for body in sent])
    assert {answer.status_code for answer in answers} == {302, 409}
    accepted = [answer for answer in answers if answer.status_code == 302]
    assert len(accepted) == len(rows) == changes_of(sheet) - before
    stand = {line.criterion_id: line for line in lines_of(sheet)}
    for saver, answer in enumerate(answers):
        if answer.status_code == 409:
            line = rows[saver % each]
            page = answer.content.decode()
            assert f'value="{sent[saver][f"c{line.criterion_id}-points"]}"' in page
            assert f"<strong>{_words(stand[line.criterion_id])}" in page


def _logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _posted(line: ScoreLine, points: Decimal) -> dict[str, str]:
    key = f"c{line.criterion_id}"
    return {f"{key}-v": f"{line.version}.x", f"{key}-points": _comma(points)}


def _words(line: ScoreLine) -> str:
    return _comma(line.self_points or Decimal(0))


def _comma(points: Decimal) -> str:
    return str(points.normalize()).replace(".", ",")


# ---------------------------------------------------------------- saving against handing in


def test_saves_against_submission() -> None:
    """What was accepted before the sheet was handed in counts; what comes later is refused."""
    world = a_world(2 + len(ROUNDS))
    for number in ROUNDS:
        place = 2 + number
        sheet, officer = fill(world, place), world.officers[place]
        before, rows = changes_of(sheet), lines_of(sheet)
        saves = [
            partial(save_lines, actor=officer, sheet=sheet, lines=typed(row, Decimal(9)))
            for row in rows[:5]
        ]
        hand_in = partial(
            submit_sheet, actor=world.leaders[place], sheet=sheet, confirm_blanks=True
        )
        *saved, handed_in = at_once([*saves, hand_in])
        assert isinstance(handed_in, ScoreSheet), handed_in
        _check_kept(sheet, rows, saved, before)


def _check_kept(sheet: ScoreSheet, rows: list[ScoreLine], saved: list[Any], before: int) -> None:
    accepted = [each for each in saved if isinstance(each, Saving)]
    assert all(isinstance(each, Refused) for each in saved if each not in accepted), saved
    assert all(each.is_whole for each in accepted)
    assert changes_of(sheet) - before == len(accepted)
    kept = {code for each in accepted for code in each.saved}
    for old, new in zip(rows, lines_of(sheet), strict=True):
        is_kept = new.criterion.code in kept
        assert new.self_points == (Decimal(9) if is_kept else old.self_points)
    received = SheetTransition.objects.get(sheet=sheet, transition="submit")
    late = PointChange.objects.filter(line__sheet=sheet, at__gt=received.at)
    assert not late.exists()
    total = StageTotal.objects.get(sheet=sheet, stage=PointStage.SELF).total
    assert total == sum(line.self_points or 0 for line in lines_of(sheet))


# ---------------------------------------------------------------- handing in against the deadline


class Hands:
    """A clock that all threads read and the test moves."""

    def __init__(self, due_on: dt.date) -> None:
        self.before = clock.end_of(due_on).astimezone(dt.UTC)
        self.after = self.before + dt.timedelta(seconds=1)
        self.now = self.before


@pytest.fixture
def hands(monkeypatch: pytest.MonkeyPatch) -> Hands:
    hands = Hands(clock.today() + dt.timedelta(days=1))
    monkeypatch.setattr(clock, "now", lambda: hands.now)
    return hands


def test_who_waits_for_the_lock_beyond_the_deadline_is_late(hands: Hands) -> None:
    """Pressed in time, but the row was held past midnight: a strict table refuses."""
    world = a_world(2 + len(ROUNDS), due_on=clock.local_date(hands.before))
    for number in ROUNDS:
        hands.now, place = hands.before, 2 + number
        sheet = fill(world, place)
        with transaction.atomic():
            ScoreSheet.objects.select_for_update().get(pk=sheet.pk)
            waiting = _Waiting(
                partial(submit_sheet, actor=world.leaders[place], sheet=sheet, confirm_blanks=True)
            )
            hands.now = hands.after
        assert isinstance(waiting.outcome(), Conflict), waiting.outcome()
        sheet.refresh_from_db()
        assert (sheet.status, sheet.submitted_at) == (SheetStatus.DRAFTING, None)


def test_who_has_the_lock_in_time_is_in_time(hands: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    """The work after the lock lasts beyond midnight: received before it all the same."""
    world = a_world(2 + len(ROUNDS), due_on=clock.local_date(hands.before))
    standing_in = sheet_services.standing_in

    def slowly(*given: Any) -> Any:
        hands.now = hands.after
        return standing_in(*given)

    for number in ROUNDS:
        hands.now, place = hands.before, 2 + number
        sheet = fill(world, place)
        monkeypatch.setattr(sheet_services, "standing_in", slowly)
        (done,) = at_once(
            [partial(submit_sheet, actor=world.leaders[place], sheet=sheet, confirm_blanks=True)]
        )
        monkeypatch.setattr(sheet_services, "standing_in", standing_in)
        assert isinstance(done, ScoreSheet), done
        assert (done.first_submitted_at, done.days_late) == (hands.before, 0)


def test_who_waits_for_the_lock_sees_the_year_as_it_stands_then() -> None:
    """The table was tabled while a correction waited for the row: it comes too late."""
    scene = submitted_scene()
    year, sheet = scene.world.bloc_year, scene.sheet(2)
    for _ in ROUNDS:
        scene.world.set_status(YearStatus.APPRAISING)
        with transaction.atomic():
            ScoreSheet.objects.select_for_update().get(pk=sheet.pk)
            waiting = _Waiting(partial(_step_once_locked, sheet))
            type(year).objects.filter(pk=year.pk).update(status=YearStatus.MEETING)
        assert waiting.outcome() == YearStatus.MEETING


def _step_once_locked(sheet: ScoreSheet) -> str:
    with transaction.atomic():
        return locked_sheet(sheet).bloc_year.status


class _Waiting:
    """A deed in its own thread, begun and kept waiting by a lock of ours."""

    def __init__(self, deed: Callable[[], Any]) -> None:
        self._begun, self._found = Event(), []
        self._thread = Thread(target=self._run, args=(deed,))
        self._thread.start()
        assert self._begun.wait(PATIENCE)
        self._await_the_lock()

    def _run(self, deed: Callable[[], Any]) -> None:
        try:
            connection.ensure_connection()
            self._begun.set()
            self._found.append(deed())
        except Conflict as refusal:
            self._found.append(refusal)
        finally:
            connection.close()

    def _await_the_lock(self) -> None:
        """Until the database says that somebody waits; SQLite does not say."""
        if not IS_POSTGRESQL:
            time.sleep(0.1)
            return
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
                if cursor.fetchone()[0]:
                    return
            time.sleep(0.005)
        raise AssertionError("nobody waits for the row")

    def outcome(self) -> Any:
        """What the deed came to, once our lock is gone."""
        self._thread.join(PATIENCE)
        return self._found[0]


# ---------------------------------------------------------------- two approve


def test_two_approvals() -> None:
    """Alone and among several at the same moment: one transition, one total."""
    scene = submitted_scene()
    appraise_all(scene)
    sheet, head = scene.sheet(2), scene.head
    one = partial(approve_sheet, actor=head, sheet=sheet)
    several = partial(
        approve_sheets, actor=head, bloc_year=scene.world.bloc_year, sheet_ids=[sheet.pk]
    )
    for number in ROUNDS:
        results = at_once([one, several, one])
        taken = SheetTransition.objects.filter(sheet=sheet, transition="approve")
        assert taken.count() == number + 1
        assert sum(_approved(each) for each in results) == 1, results
        assert scene.sheet().status == SheetStatus.APPROVED
        assert scene.total(PointStage.FINAL) == scene.total(PointStage.APPRAISED)
        ScoreSheet.objects.filter(pk=sheet.pk).update(
            status=SheetStatus.APPRAISED, approved_at=None, approved_by=None
        )


def _approved(outcome: Any) -> bool:
    """Whether an approval did it; the others were refused, or left the sheet as it was."""
    if isinstance(outcome, ScoreSheet):
        return True
    if isinstance(outcome, Conflict | Refused):
        return False
    return bool(outcome.sheets)
