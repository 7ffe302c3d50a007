"""The one gateway for state.

An object's status changes only through :func:`take`: a transition table says from where to where,
who may, whether a reason is needed and what happens next; blockers say what still stands in the
way; an append-only record says who did it. Each logged object has its own record table inheriting
:class:`TransitionRecord`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction

from emulation import clock
from emulation.access import Conflict, Verdict, require
from emulation.history import AppendOnlyModel, Entry
from emulation.models import User
from emulation.notices.announcing import announce

REASON_MAX_LENGTH = 2000


@dataclass(frozen=True, slots=True)
class Blocker:
    """Something that stands in the way of a transition.

    A hard one cannot be passed. A soft one is passed with a reason; ``effect`` says beforehand
    what follows. ``names`` are the units concerned, in Vietnamese order; ``url`` is the page
    where it is mended.
    """

    text: str
    hard: bool = True
    names: tuple[str, ...] = ()
    effect: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Acting:
    """On whose behalf a person acts: the unit (None for a board) and the words for the record."""

    unit_id: int | None
    label: str


@dataclass(frozen=True, slots=True)
class Transition:
    """A row of a transition table.

    ``label`` is the button ("Nộp bảng tự chấm điểm"), ``done`` the words of the record ("Nộp bảng
    tự chấm điểm"), ``what_next`` one sentence on what happens after it.
    """

    name: str
    sources: tuple[str, ...]
    target: str
    label: str
    what_next: str
    needs_reason: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """A transition as a page offers it: the verdict for this person, and what blocks it."""

    transition: Transition
    verdict: Verdict
    blockers: tuple[Blocker, ...] = ()

    @property
    def hard(self) -> list[Blocker]:
        """Blockers that cannot be passed."""
        return [blocker for blocker in self.blockers if blocker.hard]

    @property
    def soft(self) -> list[Blocker]:
        """Blockers that a reason passes."""
        return [blocker for blocker in self.blockers if not blocker.hard]

    @property
    def open(self) -> bool:
        """Whether the button works."""
        return bool(self.verdict) and not self.hard

    @property
    def asks_reason(self) -> bool:
        """Whether the person has to give a reason."""
        return self.transition.needs_reason or bool(self.soft)

    @property
    def why_not(self) -> str:
        """The sentence beside a disabled button; empty when it works."""
        if not self.verdict:
            return self.verdict.reason
        return " ".join(blocker.text for blocker in self.hard)


class TransitionRecord(AppendOnlyModel):
    """One taken transition: who, acting for whom, from, to, when, why."""

    transition = models.CharField("bước", max_length=40)
    from_status = models.CharField("từ trạng thái", max_length=40, blank=True)
    to_status = models.CharField("sang trạng thái", max_length=40)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người thực hiện"
    )
    acting_for = models.ForeignKey(
        "blocs.Unit", models.PROTECT, null=True, related_name="+", verbose_name="thay mặt đơn vị"
    )
    acting_as = models.CharField("với tư cách", max_length=300)
    reason = models.TextField("lý do", blank=True, max_length=REASON_MAX_LENGTH)
    at = models.DateTimeField("lúc", default=clock.now, editable=False)

    class Meta:
        abstract = True
        ordering = ["-at", "-pk"]


@dataclass(frozen=True, slots=True)
class Workflow:
    """A transition table and the record table it writes to.

    ``subject`` is the record's foreign key to the object. ``INITIAL`` records carry an empty
    ``from_status``.
    """

    subject: str
    record: type[TransitionRecord]
    transitions: tuple[Transition, ...]
    permitted: Callable[[User, Any, Transition], Verdict]
    acting: Callable[[User, Any, Transition], Acting]
    blockers: Callable[[Any, Transition], Iterable[Blocker]] = field(default=lambda *_: ())

    def named(self, name: str) -> Transition:
        """Return the transition called ``name``; KeyError if the table has none."""
        for transition in self.transitions:
            if transition.name == name:
                return transition
        raise KeyError(name)

    def offers(self, user: User, obj: Any) -> list[Offer]:
        """Return every transition that leaves the object's present status, for this person."""
        return [
            Offer(each, self.permitted(user, obj, each), tuple(self.blockers(obj, each)))
            for each in self.transitions
            if obj.status in each.sources
        ]

    def offer(self, user: User, obj: Any, name: str) -> Offer:
        """Return one transition as offered to ``user``, whatever the object's status."""
        transition = self.named(name)
        return Offer(
            transition,
            self.permitted(user, obj, transition),
            tuple(self.blockers(obj, transition)),
        )

    def begin(self, obj: Any, *, actor: User, acting: Acting, name: str = "create") -> None:
        """Write the first record of a new object, at its initial status."""
        self._record(obj, name, "", obj.status, actor, acting, "")

    def take(
        self,
        name: str,
        obj: Any,
        *,
        actor: User,
        reason: str = "",
        also: Sequence[str] = (),
    ) -> None:
        """Take the transition ``name``, or raise.

        Effects, in order: locks the row; checks status, permission, blockers, reason; sets
        ``status`` and saves it with the fields named in ``also``; writes the record; announces
        ``<subject>.<name>``, of which people are told once it is committed.
        Raises Conflict (status moved on, hard blocker), Refused, ValidationError (no reason).
        """
        transition = self.named(name)
        with transaction.atomic():
            self._check_moment(obj, transition)
            require(self.permitted(actor, obj, transition))
            blockers = tuple(self.blockers(obj, transition))
            _check_blockers(blockers)
            reason = _checked_reason(transition, blockers, reason)
            acting, before = self.acting(actor, obj, transition), obj.status
            obj.status = transition.target
            obj.save(update_fields=["status", *also])
            self._record(obj, name, before, obj.status, actor, acting, reason)
        announce(f"{self.subject}.{name}", obj, actor)

    def _check_moment(self, obj: Any, transition: Transition) -> None:
        manager = type(obj)._default_manager  # noqa: SLF001 - Django's documented hook
        stored = manager.select_for_update().values_list("status", flat=True).get(pk=obj.pk)
        if stored not in transition.sources or stored != obj.status:
            raise Conflict(
                f"Không thực hiện được “{transition.label}” vì trạng thái đã thay đổi. "
                "Đề nghị tải lại trang để xem tình trạng mới nhất."
            )

    def _record(
        self,
        obj: Any,
        name: str,
        before: str,
        after: str,
        actor: User,
        acting: Acting,
        reason: str,
    ) -> None:
        self.record.objects.create(
            **{self.subject: obj},
            transition=name,
            from_status=before,
            to_status=after,
            actor=actor,
            acting_for_id=acting.unit_id,
            acting_as=acting.label,
            reason=reason,
            at=clock.now(),
        )

    def history(self, obj: Any, labels: Callable[[str], str]) -> list[Entry]:
        """Return the object's transitions as history entries; ``labels`` names a status."""
        rows = self.record.objects.filter(**{self.subject: obj}).select_related("actor")
        return [self._entry(row, labels) for row in rows.order_by("-at", "-pk")]

    def _entry(self, row: Any, labels: Callable[[str], str]) -> Entry:
        before = labels(row.from_status) if row.from_status else ""
        after = labels(row.to_status)
        known = {each.name: each.label for each in self.transitions}
        return Entry(
            at=row.at,
            who=row.actor.full_name,
            acting_as=row.acting_as,
            what=known.get(row.transition, "Tạo lập"),
            change=f"{before} → {after}" if before else after,
            reason=row.reason,
        )


def _check_blockers(blockers: Sequence[Blocker]) -> None:
    hard = [blocker for blocker in blockers if blocker.hard]
    if hard:
        raise Conflict(
            "Chưa chuyển bước được vì còn việc bắt buộc chưa xong.",
            [" ".join([each.text, ", ".join(each.names)]).strip() for each in hard],
        )


def _checked_reason(transition: Transition, blockers: Sequence[Blocker], reason: str) -> str:
    reason = reason.strip()
    if not reason and (transition.needs_reason or blockers):
        raise ValidationError({"reason": f"Đề nghị ghi lý do “{transition.label}”."})
    if len(reason) > REASON_MAX_LENGTH:
        raise ValidationError(
            {
                "reason": f"Lý do dài {len(reason)} ký tự; tối đa {REASON_MAX_LENGTH} ký tự. "
                "Đề nghị viết gọn lại."
            }
        )
    return reason
