"""URLs of the site itself: home, log-in, password."""

from __future__ import annotations

from django.contrib.auth.views import LogoutView, PasswordChangeDoneView, PasswordChangeView
from django.urls import path

from emulation.forms import PasswordForm
from emulation.site import home
from emulation.site.accounts import Login

urlpatterns = [
    path("", home.home, name="home"),
    path("dang-nhap/", Login.as_view(), name="login"),
    path("dang-xuat/", LogoutView.as_view(), name="logout"),
    path("mat-khau/", PasswordChangeView.as_view(form_class=PasswordForm), name="password_change"),
    path("mat-khau/xong/", PasswordChangeDoneView.as_view(), name="password_change_done"),
]
