"""The Planner over a week's snapshot: every function here is pure, and `now` comes in.

A page is one line: `own` or the whole `Week`, then `chosen`, then `merged` (or `one_by_one`), then `views`.
"""
