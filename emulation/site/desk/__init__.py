"""The board's desk, "Toàn tỉnh": every bloc of a year, who is late, what the board has to do."""
