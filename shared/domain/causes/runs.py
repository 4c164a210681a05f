"""Causes about runs."""

from shared.domain.causes.cause import Cause

RUNS: tuple[Cause, ...] = ()
