"""The form with which a whole score table comes in."""

from __future__ import annotations

from django import forms

from emulation.forms import OfficialForm
from scoring.enums import PointStage

INPUT, POINTS = "input", "points"
STAGES = [
    (PointStage.SELF.value, "Điểm tự chấm (nhập hộ đơn vị nộp bản giấy)"),
    (PointStage.APPRAISED.value, "Điểm thẩm định"),
]
VALUES = [(INPUT, "Số liệu theo cách chấm"), (POINTS, "Số điểm")]


class ScoreImportForm(OfficialForm):
    """A workbook filled in, what its cells are, and what becomes of complete sheets."""

    stage = forms.ChoiceField(label="Nhập vào cột", choices=STAGES)
    values = forms.ChoiceField(label="Trong ô ghi", choices=VALUES)
    submit = forms.BooleanField(
        label="Nộp luôn các bảng tự chấm điểm có trong tệp",
        required=False,
        help_text="Chỉ khi đơn vị đã ký nộp bản giấy; ghi họ tên lãnh đạo ở cột “Lãnh đạo đồng ý "
        "nộp”. Mục điểm cộng, điểm trừ để trống được coi là đơn vị xác nhận “không có”.",
    )
    uploaded = forms.FileField(
        label="Tệp Excel đã điền",
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        help_text="Tệp .xlsx theo mẫu, không có macro, nặng nhất 20 MB, mỗi trang nhiều nhất "
        "1.000 dòng.",
    )
