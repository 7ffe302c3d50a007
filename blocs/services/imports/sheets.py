"""The sheets of the workbook, in the order in which they are read and written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from blocs.services.imports.cells import Column
from blocs.services.imports.people import PeopleSheet
from blocs.services.imports.rows import SheetResource
from blocs.services.imports.structure import BlocSheet, MemberSheet, UnitSheet

SHEETS: tuple[type[SheetResource], ...] = (UnitSheet, PeopleSheet, BlocSheet, MemberSheet)
GUIDE = "Hướng dẫn"
LISTS = "Danh mục"
UNREAD = (GUIDE, LISTS)
LAYOUT: Mapping[str, Sequence[Column]] = {sheet.title: sheet.columns() for sheet in SHEETS}
