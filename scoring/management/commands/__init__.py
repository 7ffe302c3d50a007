"""``manage.py`` commands over rubrics, scores and ranks."""
