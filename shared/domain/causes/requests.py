"""Causes about requests."""

from shared.domain.causes.cause import Cause

REQUESTS: tuple[Cause, ...] = ()
