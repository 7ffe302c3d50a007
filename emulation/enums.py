"""How a status looks and speaks: one face per status, used by every app's enums."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import TextChoices


class Tone(StrEnum):
    """The pale ground a status stands on; colour never speaks alone, the words do."""

    QUIET = "quiet"
    ACTIVE = "active"
    GOOD = "good"
    WARNING = "warning"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Face:
    """What a status is called and what comes next.

    ``official`` is what the bloc's officials read, ``unit`` what the unit concerned reads,
    ``what_next`` one sentence on what happens now and who does it.
    """

    official: str
    unit: str
    tone: Tone
    what_next: str


class DoorEvent(TextChoices):
    """What the record of log-ins and refusals knows."""

    LOGGED_IN = "logged_in", "Đăng nhập"
    LOGGED_OUT = "logged_out", "Đăng xuất"
    LOG_IN_REFUSED = "log_in_refused", "Đăng nhập bị từ chối"
    LOG_IN_BLOCKED = "log_in_blocked", "Đăng nhập bị tạm khóa do sai nhiều lần"
    SESSION_IDLE = "session_idle", "Phiên tự đóng do để lâu không dùng"
    SESSION_EXPIRED = "session_expired", "Phiên tự đóng do đăng nhập đã quá lâu"
    SESSION_CLOSED = "session_closed", "Chủ tài khoản đóng phiên"
    ACCESS_REFUSED = "access_refused", "Bị từ chối truy cập"
    TOO_MANY_POSTS = "too_many_posts", "Bị dừng do gửi quá nhiều lần"
    PASSWORD_CHANGED = "password_changed", "Đổi mật khẩu"
    PASSWORD_SET = "password_set", "Quản trị đặt lại mật khẩu"
    INVITED = "invited", "Được cấp lời mời"
    INVITATION_USED = "invitation_used", "Dùng lời mời, đặt mật khẩu"
    INVITATION_REFUSED = "invitation_refused", "Lời mời bị từ chối"
    CONTACT_CHANGED = "contact_changed", "Tự sửa thông tin liên hệ"
    ACCOUNT_ADDED = "account_added", "Quản trị lập tài khoản"
    ACCOUNT_CHANGED = "account_changed", "Sửa tài khoản"
    POST_CHANGED = "post_changed", "Quản trị ghi chức vụ"


class Channel(TextChoices):
    """How a notice reaches a person besides the page "Thông báo", where every notice stands."""

    AT_ONCE = "at_once", "gửi thư ngay"
    DIGEST = "digest", "gộp trong thư hằng ngày"
    IN_APP = "in_app", "chỉ trên hệ thống"


class MailChoice(TextChoices):
    """What a person wants by mail."""

    USUAL = "usual", "Việc phải làm ngay thì gửi ngay, còn lại gộp một thư mỗi ngày"
    AT_ONCE = "at_once", "Có thông báo là gửi thư ngay"
    DAILY = "daily", "Gộp tất cả trong một thư mỗi ngày"
    NONE = "none", "Không gửi thư, chỉ xem trên hệ thống"

    def channel(self, usual: Channel) -> Channel:
        """Return how a notice of that usual channel reaches a person who chose this."""
        if self is MailChoice.USUAL or usual is Channel.IN_APP:
            return usual
        wanted = {MailChoice.AT_ONCE: Channel.AT_ONCE, MailChoice.DAILY: Channel.DIGEST}
        return wanted.get(self, Channel.IN_APP)
