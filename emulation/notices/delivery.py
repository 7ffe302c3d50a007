"""From what was done to what each person is told: matters, crowds, notices, mails."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import QuerySet, prefetch_related_objects

from emulation import clock
from emulation.enums import Channel, MailChoice
from emulation.models import Notice, User
from emulation.notices.mail import send_notices
from emulation.notices.table import Happening, Matter, Telling, table

AT_ONCE_A_DEED = 25
"""So many mails leave with the page that did the deed; the command sends the rest."""
SENTENCE_LENGTH = 300
_ROWS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Told:
    """One row of the table that fits one happening."""

    happening: Happening
    matter: Matter
    telling: Telling


def deliver(happenings: Sequence[Happening]) -> list[Notice]:
    """Tell everybody concerned, and return the notices written.

    The actor is not told of his or her own deed; each person is told once of a happening, whatever
    the number of posts. Effects, in order: the crowds read; the notices written at once; mails to
    those who want them at once, of which a failing server breaks nothing.
    """
    told = [each for happening in _with_relations(happenings) for each in _rows(happening)]
    if not told:
        return []
    notices = _notices(told)
    _claim_mails(notices)
    Notice.objects.bulk_create(notices, batch_size=_ROWS_AT_ONCE)
    send_notices([notice for notice in notices if notice.tried_at])
    return notices


def people_to_tell() -> QuerySet[User]:
    """Return the people who can come in: active, with a password that works."""
    active = User.objects.filter(is_active=True).order_by("pk")
    return active.exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX)


def _with_relations(happenings: Sequence[Happening]) -> Sequence[Happening]:
    """Read the relations that the matters need, once for all subjects of a kind."""
    kinds: dict[str, list[Happening]] = {}
    for each in happenings:
        kinds.setdefault(each.event.partition(".")[0], []).append(each)
    for kind, found in kinds.items():
        needs = table.about[kind].needs
        if needs:
            prefetch_related_objects([each.subject for each in found], *needs)
    return happenings


def _rows(happening: Happening) -> Iterator[Told]:
    matter = table.about[happening.event.partition(".")[0]].matter(happening)
    for telling in table.tellings.get(matter.event or happening.event, ()):
        yield Told(happening, matter, telling)


def _notices(told: Sequence[Told]) -> list[Notice]:
    """Return the notices, unsaved: one for each person and happening, none twice in the same words.

    A row further down tells only those whom no row before has told.
    """
    crowd_of = table.crowds([each.matter for each in told])
    wanted: list[tuple[Told, int]] = []
    seen: set[tuple[object, ...]] = set()
    for each in told:
        for person in _receivers(each, crowd_of(each.matter)):
            keys = ((id(each.happening), person), (person, _sentence(each), _path(each)))
            if not seen & set(keys):
                wanted.append((each, person))
            seen |= set(keys)
    people = people_to_tell().in_bulk({person for _, person in wanted})
    return [_notice(each, people[person]) for each, person in wanted if person in people]


def _receivers(told: Told, crowd: object) -> Iterable[int]:
    everybody = {
        person for audience in told.telling.who for person in audience.people(crowd, told.matter)
    }
    return sorted(everybody - {told.happening.actor_id})


def _sentence(told: Told) -> str:
    sentence = " ".join(told.telling.sentence.format(**told.matter.words).split())
    long = len(sentence) > SENTENCE_LENGTH
    return f"{sentence[: SENTENCE_LENGTH - 1]}…" if long else sentence


def _path(told: Told) -> str:
    return told.telling.page.path(told.matter)


def _notice(told: Told, user: User) -> Notice:
    channel = channel_for(user, told.telling.channel)
    return Notice(
        user=user,
        event=told.telling.event,
        sentence=_sentence(told),
        path=_path(told),
        at=told.happening.at,
        mail=channel if told.happening.by_mail else Channel.IN_APP,
    )


def channel_for(user: User, usual: Channel) -> Channel:
    """Return how a notice reaches a person: as he or she chose, where there is an address."""
    return MailChoice(user.mail_choice).channel(usual) if user.email else Channel.IN_APP


def _claim_mails(notices: Sequence[Notice]) -> None:
    """Mark the first mails as being sent from birth, so that the command leaves them alone."""
    at_once = [notice for notice in notices if notice.mail == Channel.AT_ONCE]
    for notice in at_once[:AT_ONCE_A_DEED]:
        notice.tried_at = clock.now()
