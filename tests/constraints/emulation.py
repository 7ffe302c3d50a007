"""One breach for each constraint of what all apps share."""

from __future__ import annotations

from tests.constraints.breach import breach

EMULATION = {
    "daily_mail_once": breach("Mỗi người một ngày chỉ được nhắc việc một lần."),
}
