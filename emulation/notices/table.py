"""The shape of the table event → who → channel; each app writes its own rows.

A source is a function returning a :class:`Source`; the sources and the reader of crowds are listed
in ``emulation/site/wiring.py``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from emulation.enums import Channel


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that was done: its event ("sheet.submit"), the object, who did it and when.

    ``more`` is what the object does not say; ``by_mail`` False keeps it on the page only.
    """

    event: str
    subject: Any
    actor_id: int | None
    at: dt.datetime
    more: Mapping[str, Any] = field(default_factory=dict)
    by_mail: bool = True


@dataclass(frozen=True, slots=True)
class Matter:
    """What a happening is about, as far as telling people goes.

    ``bloc_year`` or None, the unit concerned or None, ``people`` named by the deed itself (keys),
    ``judges`` who judges parts of its subject.
    ``words`` fill the sentence, ``keys`` the arguments of the page. ``event`` replaces that of the
    happening where one transition means two things.
    """

    bloc_year: Any = None
    unit_id: int | None = None
    people: frozenset[int] = frozenset()
    judges: frozenset[int] = frozenset()
    words: Mapping[str, str] = field(default_factory=dict)
    keys: Mapping[str, int | str] = field(default_factory=dict)
    event: str = ""


@dataclass(frozen=True, slots=True)
class Audience:
    """Who is told: a name, English words for the document, and the people out of a crowd."""

    name: str
    words: str
    people: Callable[[Any, Matter], Iterable[int]]


@dataclass(frozen=True, slots=True)
class Page:
    """The page a notice leads to: a URL name and the arguments it takes from the matter."""

    name: str
    keys: tuple[str, ...] = ()

    def path(self, matter: Matter) -> str:
        """Return the address."""
        return reverse(self.name, kwargs={key: matter.keys[key] for key in self.keys})


@dataclass(frozen=True, slots=True)
class Telling:
    """A row of the table. Of several rows on one event a person is told the first that fits."""

    event: str
    who: tuple[Audience, ...]
    channel: Channel
    sentence: str
    page: Page


@dataclass(frozen=True, slots=True)
class About:
    """How a subject becomes a matter, and the relations to have at hand for many at once."""

    matter: Callable[[Happening], Matter]
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """One app's rows, what its events are about (by what stands before the dot), and the events
    of which nobody is told, with the reason.
    """

    tellings: tuple[Telling, ...]
    about: Mapping[str, About]
    untold: Mapping[str, str]


CrowdOf = Callable[[Matter], Any]
CrowdReader = Callable[[Sequence[Matter]], CrowdOf]


@dataclass(slots=True)
class Table:
    """All rows by event, as the wiring filled them in."""

    tellings: dict[str, list[Telling]] = field(default_factory=dict)
    about: dict[str, About] = field(default_factory=dict)
    untold: dict[str, str] = field(default_factory=dict)
    crowds: CrowdReader = field(default=lambda _matters: lambda _matter: None)


table = Table()


def fill(sources: Iterable[Source], crowds: CrowdReader) -> None:
    """Fill the table; called once by the wiring."""
    table.tellings, table.about, table.untold = {}, {}, {}
    for source in sources:
        for telling in source.tellings:
            table.tellings.setdefault(telling.event, []).append(telling)
        table.about |= source.about
        table.untold |= source.untold
    table.crowds = crowds
