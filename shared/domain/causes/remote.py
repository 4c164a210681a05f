"""Causes about remote."""

from shared.domain.causes.cause import Cause

REMOTE: tuple[Cause, ...] = ()
