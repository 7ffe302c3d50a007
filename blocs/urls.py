"""URLs of blocs and their years."""

from __future__ import annotations

from django.urls import URLPattern, path

from blocs.views import blocs, deadlines, meetings, members, papers, terms, units, year, year_new

YEAR = "nam/<int:year_id>/"
UNIT = "don-vi/<int:unit_id>/"
MEETING = f"{YEAR}hoi-nghi/<int:meeting_id>/"

urlpatterns: list[URLPattern] = [
    path("khoi/", blocs.bloc_list, name="bloc_list"),
    path("khoi/lap-moi/", blocs.bloc_create, name="bloc_create"),
    path("khoi/<int:bloc_id>/", blocs.bloc_page, name="bloc"),
    path("khoi/<int:bloc_id>/nam-moi/", year_new.year_new, name="year_new"),
    # the bloc-year
    path(YEAR, year.bloc_year, name="bloc_year"),
    path(f"{YEAR}chuyen-buoc/", year.take, name="take_step"),
    path(f"{YEAR}sua/", year.year_edit, name="year_edit"),
    # members, who leads, the secretariat
    path(f"{YEAR}don-vi/", members.member_list, name="member_list"),
    path(f"{YEAR}don-vi/them/", members.member_add, name="member_add"),
    path(f"{YEAR}don-vi/<int:membership_id>/bo/", members.member_remove, name="member_remove"),
    path(f"{YEAR}don-vi/<int:membership_id>/roi-khoi/", members.member_end, name="member_end"),
    path(f"{YEAR}truong-khoi/them/", terms.term_add, name="term_add"),
    path(f"{YEAR}truong-khoi/<int:term_id>/thoi/", terms.term_end, name="term_end"),
    path(f"{YEAR}thay-truong-khoi/", terms.stand_in, name="stand_in"),
    path(f"{YEAR}bau/", terms.election, name="election"),
    path(f"{YEAR}to-thu-ky/them/", terms.secretary_add, name="secretary_add"),
    path(f"{YEAR}to-thu-ky/<int:secretary_id>/thoi/", terms.secretary_end, name="secretary_end"),
    # deadlines
    path(f"{YEAR}thoi-han/", deadlines.deadline_list, name="deadline_list"),
    path(f"{YEAR}thoi-han/dat/", deadlines.deadline_edit, name="deadline_edit"),
    path(
        f"{YEAR}thoi-han/<int:deadline_id>/gia-han/",
        deadlines.deadline_extend,
        name="deadline_extend",
    ),
    # meetings
    path(f"{YEAR}hoi-nghi/", meetings.meeting_list, name="meeting_list"),
    path(f"{YEAR}hoi-nghi/ghi/", meetings.meeting_add, name="meeting_add"),
    path(MEETING, meetings.meeting_page, name="meeting"),
    path(f"{MEETING}sua/", meetings.meeting_edit, name="meeting_edit"),
    path(f"{MEETING}bien-ban/", meetings.meeting_minutes, name="meeting_minutes"),
    path(f"{MEETING}thanh-phan/", meetings.meeting_attendance, name="meeting_attendance"),
    path(f"{MEETING}van-ban/", meetings.meeting_papers, name="meeting_papers"),
    # the bloc's papers, joint activities
    path(f"{YEAR}van-ban/", papers.paper_list, name="paper_list"),
    path(f"{YEAR}van-ban/them/", papers.paper_add, name="paper_add"),
    path(f"{YEAR}van-ban/<int:paper_id>/tai/", papers.paper_download, name="paper_download"),
    path(f"{YEAR}van-ban/<int:paper_id>/thoi-ap-dung/", papers.paper_revoke, name="paper_revoke"),
    path(f"{YEAR}hoat-dong/them/", papers.activity_add, name="activity_add"),
    path(f"{YEAR}hoat-dong/<int:activity_id>/sua/", papers.activity_edit, name="activity_edit"),
    # the board's register of units
    path("don-vi/", units.unit_list, name="unit_list"),
    path("don-vi/them/", units.unit_add, name="unit_add"),
    path(UNIT, units.unit_page, name="unit"),
    path(f"{UNIT}doi-ten/", units.unit_rename, name="unit_rename"),
    path(f"{UNIT}giai-the/", units.unit_dissolve, name="unit_dissolve"),
    path(f"{UNIT}chuc-vu/ghi/", units.post_add, name="post_add"),
    path(f"{UNIT}nguoi-moi/", units.person_add, name="person_add"),
    path(f"{UNIT}chuc-vu/<int:post_id>/thoi/", units.post_end, name="post_end"),
]
