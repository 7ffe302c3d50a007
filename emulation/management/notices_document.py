"""``docs/notifications.md``, written from the table event → who → channel."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from emulation.enums import Channel, MailChoice
from emulation.notices.delivery import AT_ONCE_A_DEED
from emulation.notices.table import Audience, Telling, table
from emulation.site.reminders import DAYS_BEFORE, WEEK

HEAD = """# Who is told of what, and how

Written from the code by `manage.py write_docs`; do not edit. The rows stand in `blocs/notices.py`,
`pledges/notices.py` and `scoring/notices.py`; `tests/expected/notices.csv` holds them literally,
with who is told in a whole year's story.

An event is announced inside the transaction of the deed and delivered after its commit: a deed that
is rolled back tells nobody. Whoever did it is not told; a person with several posts is told once,
by the first row that fits. Accounts that are closed or have no password get nothing. What one
transaction announces is delivered in a fixed number of queries. A sentence never holds points,
places, reasons or what a paper says; the page it leads to asks once more who may read it.
"""
CHANNELS = {
    Channel.AT_ONCE: f"a mail at once; of one deed {AT_ONCE_A_DEED} leave with the page, the "
    "command `send_reminders` sends the rest, and what the server did not take",
    Channel.DIGEST: "gathered into one mail a day, unless seen on the page before",
    Channel.IN_APP: "on the page “Thông báo” only",
}
CHOICES = {
    MailChoice.USUAL: "as the table says (the default)",
    MailChoice.AT_ONCE: "digests at once too",
    MailChoice.DAILY: "everything in the day's mail",
    MailChoice.NONE: "no mail at all; so it is without an address",
}


def notices_document() -> str:
    """Return the whole document."""
    parts = [
        HEAD,
        "## Events\n",
        _table(("Event", "Who", "Channel", "Sentence", "Page"), map(_row, _tellings())),
        "## Who\n",
        _table(("Who", "These people"), _audiences()),
        "## Channels\n",
        _table(("Channel", "What it means"), ((f"`{k}`", words) for k, words in CHANNELS.items())),
        "Each person chooses on the page of the own account:\n",
        _table(("Choice", "What comes"), ((each.label, CHOICES[each]) for each in MailChoice)),
        "## Nobody is told\n",
        _table(("Event", "Why"), ((f"`{event}`", why) for event, why in table.untold.items())),
        "## Reminders\n",
        _reminders(),
    ]
    return "\n".join(parts)


def _tellings() -> Iterator[Telling]:
    for rows in table.tellings.values():
        yield from rows


def _row(telling: Telling) -> tuple[str, ...]:
    who = ", ".join(f"`{audience.name}`" for audience in telling.who)
    page = f"`{telling.page.name}`"
    return (f"`{telling.event}`", who, f"`{telling.channel}`", telling.sentence, page)


def _audiences() -> Iterator[tuple[str, str]]:
    found: dict[str, Audience] = {
        audience.name: audience for telling in _tellings() for audience in telling.who
    }
    return ((f"`{name}`", found[name].words) for name in sorted(found))


REMINDERS = """`manage.py send_reminders` looks once a day after everybody who can come in and holds
a post. Whoever has a task of “Việc cần làm” (the same function) that is ready and is due in
{days} days, or has been overdue for 1 day, {again} days and so on each week, is reminded: one
notice, and one mail that lists all dated tasks and the gathered notices. Without such a task the
mail comes only for gathered notices, and otherwise not at all. A unique row of person and day
(`DailyMail`) keeps two runs or two processes from reminding twice.
"""


def _reminders() -> str:
    return REMINDERS.format(days=", ".join(map(str, DAYS_BEFORE)), again=WEEK + 1)


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [heads, tuple("---" for _ in heads), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines) + "\n"
