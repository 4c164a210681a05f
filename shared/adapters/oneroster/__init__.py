"""A school's SIS by OneRoster 1.1 or 1.2 (Gradebook). Items and results are written by PUT under ids of our making."""

from shared.adapters.oneroster.client import OneRosterGradebook, oneroster

__all__ = ["OneRosterGradebook", "oneroster"]
