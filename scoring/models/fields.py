"""The one column type of points."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

CENT = Decimal("0.01")


class PointsField(models.DecimalField[Any, Any]):
    """Points: 7 digits, 2 places. Refuses a value that was not rounded to 0,01 by the rules.

    Databases round differently (SQLite stores decimals as floats); so nothing unrounded may
    reach them.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("max_digits", 7)
        options.setdefault("decimal_places", 2)
        super().__init__(*args, **options)

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        """Return the value for the database; ValidationError if it is finer than 0,01."""
        if hasattr(value, "resolve_expression"):
            # The CASE of a bulk_update; the values inside it come through here one by one.
            return super().get_db_prep_save(value, connection)
        if isinstance(value, float):
            raise ValidationError("Điểm phải là số thập phân, không phải số dấu phẩy động.")
        if value is not None and Decimal(value) != Decimal(value).quantize(CENT):
            raise ValidationError(f"Điểm {value} chưa được làm tròn đến 0,01.")
        return super().get_db_prep_save(value, connection)
