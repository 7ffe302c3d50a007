"""A deed with far effects as an object: what it would do, what stands in its way, then the deed.

A page shows the plan before anything is written; the person confirms what was read, and the
service makes the plan anew under its lock: where it differs from the one read, nothing is done.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

from emulation.access import Conflict


@dataclass(frozen=True, slots=True)
class Effect:
    """One sentence on what will happen; ``about`` groups them ("Thành viên", "Trưởng khối").

    ``url`` leads to where the person does what the sentence asks for, ``link`` says what that is;
    ``asks`` marks a sentence that asks for something, so that it is not overlooked.
    """

    about: str
    text: str
    url: str = ""
    link: str = ""
    asks: bool = False

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Plan:
    """What a deed would do. ``obstacles`` are sentences; with any of them it cannot be done."""

    title: str
    effects: tuple[Effect, ...] = ()
    obstacles: tuple[str, ...] = ()

    @property
    def grouped(self) -> list[tuple[str, list[Effect]]]:
        """The effects under what they are about, in the order in which each first appears."""
        groups: dict[str, list[Effect]] = {}
        for effect in self.effects:
            groups.setdefault(effect.about, []).append(effect)
        return list(groups.items())

    @property
    def sentences(self) -> list[str]:
        """The effects as the record keeps them: "Trưởng khối: …"."""
        return [f"{effect.about}: {effect.text}" for effect in self.effects]

    @property
    def fingerprint(self) -> str:
        """A digest of everything the person reads, in hex."""
        whole = json.dumps([self.title, self.sentences, self.obstacles], ensure_ascii=False)
        return hashlib.sha256(whole.encode()).hexdigest()


class PlanMoved(Conflict):
    """What the person confirmed is no longer what would happen."""

    def __init__(self) -> None:
        super().__init__(
            "Tình hình đã thay đổi so với lúc xem, nên chưa ghi gì. "
            "Đề nghị đọc lại ảnh hưởng rồi xác nhận."
        )


def require_plan(plan: Plan, seen: str | None) -> None:
    """Raise Conflict where the plan has obstacles, PlanMoved where it is not the one ``seen``.

    ``seen`` is the fingerprint the person confirmed; None where no page stood in between.
    """
    if plan.obstacles:
        raise Conflict("Chưa thực hiện được.", plan.obstacles)
    if seen is not None and seen != plan.fingerprint:
        raise PlanMoved


def effects(about: str, texts: Iterable[str]) -> tuple[Effect, ...]:
    """Return the sentences as effects of one group."""
    return tuple(Effect(about, text) for text in texts)
