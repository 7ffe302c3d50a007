"""Units dissolved before this version kept their name, posts and memberships open: close them."""

import datetime as dt

from django.db import migrations
from django.db.models import F, Q

BEFORE_TABLING = (
    "draft", "consulting", "signing", "running", "self_scoring", "appraising",
)  # fmt: skip


def close_what_ended(apps, schema_editor):
    beyond = Q(ends_on__isnull=True) | Q(ends_on__gte=F("unit__ended_on"))
    ended = Q(unit__ended_on__isnull=False)
    rows = [
        *apps.get_model("blocs", "UnitName").objects.filter(ended, ends_on__isnull=True),
        *apps.get_model("blocs", "Post").objects.filter(ended, beyond, closed_at__isnull=True),
        *apps.get_model("blocs", "Membership").objects.filter(
            ended, beyond, bloc_year__status__in=BEFORE_TABLING
        ),
    ]
    for row in rows:
        last = row.unit.ended_on - dt.timedelta(days=1)
        if row.starts_on and row.starts_on > last:
            if hasattr(row, "closed_at"):
                row.closed_at = dt.datetime.combine(
                    row.unit.ended_on, dt.time(), tzinfo=dt.timezone.utc
                )
            last = row.starts_on
        row.ends_on = last
        row.save(update_fields=["ends_on", *(["closed_at"] if hasattr(row, "closed_at") else [])])


class Migration(migrations.Migration):
    dependencies = [("blocs", "0005_board_names")]

    operations = [migrations.RunPython(close_what_ended, migrations.RunPython.noop)]
