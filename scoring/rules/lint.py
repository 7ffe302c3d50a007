"""The check of a rubric before it is issued: errors, warnings and notes.

Errors contradict the table itself and block issuing unless waived, each with its own reason.
Warnings are for the author to look at; notes say what is usual but worth knowing.
"""

from __future__ import annotations

from scoring.rules.lint_duplicates import repetitions
from scoring.rules.lint_errors import errors
from scoring.rules.lint_findings import Finding, LintRule, unreadable
from scoring.rules.lint_warnings import notes, warnings, year_warnings
from scoring.rules.rubric import RubricRules

__all__ = ["Finding", "LintRule", "errors", "lint", "unreadable"]

_WEIGHTS = ("error", "warning", "note")


def lint(
    rubric: RubricRules,
    *,
    awards: int | None = None,
    members: int | None = None,
    has_deadline: bool = True,
) -> list[Finding]:
    """Return the findings: errors, then warnings, then notes, each in the rubric's order.

    `awards` is how many the bloc-year may propose in all, `members` how many units it has;
    None where that is not known.
    """
    found = [
        *errors(rubric),
        *warnings(rubric),
        *repetitions(rubric),
        *year_warnings(awards, members, has_deadline=has_deadline),
        *notes(rubric),
    ]
    return sorted(found, key=lambda finding: _WEIGHTS.index(finding.severity.value))
