"""The arithmetic of a score table: points, totals, grades, ranks, awards.

Standard library only. A reader checks these modules against docs/SCORING.md.
"""
