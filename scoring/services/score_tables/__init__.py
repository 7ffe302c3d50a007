"""Whole score tables out of and into a workbook: a unit per row, a criterion per column."""
