"""Causes about linking."""

from shared.domain.causes.cause import Cause

LINKING: tuple[Cause, ...] = ()
