"""What scoring puts on "Việc cần làm": for units, secretary, head, stand-in, checkers, board.

A fixed number of queries, whatever the number of blocs and units.
"""

from __future__ import annotations

from blocs.selectors.standing import posts_today
from emulation.models import User
from emulation.tasks import Desk
from scoring.tasks.acting import (
    appraisal_tasks,
    awaited_units,
    check_tasks,
    department_tasks,
    nomination_tasks,
    second_round_tasks,
)
from scoring.tasks.board import board_tasks
from scoring.tasks.seats import seats_of
from scoring.tasks.unit import (
    handed_in,
    paper_tasks,
    published_tasks,
    rubric_tasks,
    unit_tasks,
)


def desk(user: User) -> Desk:
    """Return the person's tasks in scoring and whom he or she waits for."""
    posts = list(posts_today(user))
    boards = {post.board_id for post in posts if post.board_id}
    seats = seats_of(user, posts)
    tasks = [
        *(task for seat in seats for task in unit_tasks(seat)),
        *(task for seat in seats for task in published_tasks(seat)),
        *(task for seat in seats for task in paper_tasks(seat)),
        *rubric_tasks(seats),
        *(task for seat in seats for task in appraisal_tasks(seat)),
        *department_tasks(user, seats),
        *second_round_tasks(user, seats),
        *nomination_tasks(seats),
        *check_tasks(user),
        *board_tasks(boards),
    ]
    done = tuple(task for seat in seats for task in handed_in(seat))
    return Desk(tuple(tasks), tuple(awaited_units(seats)), done)
