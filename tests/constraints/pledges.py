"""One breach for each constraint of ``pledges``."""

from __future__ import annotations

from tests.constraints.breach import NOW, breach

PLEDGES = {
    "pledge_agreed_pair": breach(
        "Thời điểm và người chốt giao ước phải ghi cùng nhau.", agreed_by_id=None
    ),
    "pledge_agreed_fits_status": breach(
        "Giao ước đã chốt phải ghi thời điểm chốt.", status="draft"
    ),
    "pledge_comment_reply_whole": breach(
        "Trả lời phải có nội dung, người và thời điểm trả lời.", {"reply": ""}, reply="Tiếp thu"
    ),
    "pledge_signed_once": breach("Đơn vị đã ký giao ước này."),
    "pledge_signature_revoked_whole": breach(
        "Hủy ghi nhận chữ ký phải ghi người, thời điểm và lý do.", revoked_at=NOW
    ),
    "registration_sent_whole": breach(
        "Bản đăng ký đã gửi phải ghi người và thời điểm gửi.", {"status": "sent"}, sent_by_id=None
    ),
    "target_positive": breach("Số đăng ký của chỉ tiêu phải lớn hơn 0.", value=0),
    "report_once_per_unit": breach("Đơn vị đã có báo cáo này.", {"membership__isnull": False}),
    "report_once_per_bloc": breach("Khối đã có báo cáo này.", {"membership__isnull": True}),
    "report_sent_whole": breach(
        "Báo cáo đã gửi phải ghi người và thời điểm gửi.", {"status": "sent"}, sent_by_id=None
    ),
}
