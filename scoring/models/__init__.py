"""Rubrics, score sheets, appraisal, ranking, nominations, the Council's decision."""

from __future__ import annotations

from scoring.models.appraisal import (
    AppraiserChange,
    CrossCheck,
    Dispute,
    Explanation,
    StockPhrase,
)
from scoring.models.ballots import Ballot, BallotVote, TieDecision
from scoring.models.departments import DepartmentChange, DepartmentPerson
from scoring.models.handing_in import PaperEntry, SheetReceipt, SheetRemark
from scoring.models.results import (
    Appeal,
    Award,
    AwardQuota,
    CouncilDecision,
    GroundRule,
    Nomination,
    NominationTransition,
    NotConsidered,
    RankingRow,
    RankingSnapshot,
)
from scoring.models.rubric import (
    Criterion,
    GradeBand,
    Rubric,
    RubricComment,
    RubricTransition,
    Section,
    WhatIfUse,
)
from scoring.models.sheet import (
    Evidence,
    EvidenceView,
    PointChange,
    ScoreLine,
    ScoreSheet,
    SheetMove,
    SheetTransition,
    StageTotal,
)

__all__ = [
    "Appeal",
    "AppraiserChange",
    "Award",
    "AwardQuota",
    "Ballot",
    "BallotVote",
    "CouncilDecision",
    "Criterion",
    "CrossCheck",
    "DepartmentChange",
    "DepartmentPerson",
    "Dispute",
    "Evidence",
    "EvidenceView",
    "Explanation",
    "GradeBand",
    "GroundRule",
    "Nomination",
    "NominationTransition",
    "NotConsidered",
    "PaperEntry",
    "PointChange",
    "RankingRow",
    "RankingSnapshot",
    "Rubric",
    "RubricComment",
    "RubricTransition",
    "ScoreLine",
    "ScoreSheet",
    "Section",
    "SheetMove",
    "SheetReceipt",
    "SheetRemark",
    "SheetTransition",
    "StageTotal",
    "StockPhrase",
    "TieDecision",
    "WhatIfUse",
]
