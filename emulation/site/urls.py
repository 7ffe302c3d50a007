"""URLs of the site itself: home, log-in, password."""

from __future__ import annotations

from django.contrib.auth.views import PasswordChangeDoneView
from django.urls import path

from emulation.site import home, my_account, notices, records
from emulation.site.accounts import ChangePassword, Login, LogOut
from emulation.site.desk import views as desk

urlpatterns = [
    path("", home.home, name="home"),
    path("toan-tinh/", desk.board_desk, name="board_desk"),
    path("toan-tinh/excel/", desk.board_desk_xlsx, name="board_desk_xlsx"),
    path("dang-nhap/", Login.as_view(), name="login"),
    path("dang-xuat/", LogOut.as_view(), name="logout"),
    path("mat-khau/", ChangePassword.as_view(), name="password_change"),
    path("thong-bao/", notices.notice_list, name="notice_list"),
    path("thong-bao/da-xem/", notices.notices_read, name="notices_read"),
    path("thong-bao/<int:notice_id>/mo/", notices.notice_open, name="notice_open"),
    path("tai-khoan/", my_account.account, name="account"),
    path("tai-khoan/lien-he/", my_account.account_edit, name="account_edit"),
    path("tai-khoan/phien/<int:session_id>/dong/", my_account.session_close, name="session_close"),
    path(
        "tai-khoan/phien/dong-cac-phien-khac/",
        my_account.sessions_close_others,
        name="sessions_close_others",
    ),
    path("quan-tri/nhat-ky/", records.door_records, name="door_records"),
    path("mat-khau/xong/", PasswordChangeDoneView.as_view(), name="password_change_done"),
]
