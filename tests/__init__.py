"""A package of its own: PyPI's `webuntis` (a bench rival) also installs one called `tests`, which must not win."""
