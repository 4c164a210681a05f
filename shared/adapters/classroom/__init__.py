"""Google Classroom for one teacher: courses, coursework, students and grades, read only; and the consent for it."""

from shared.adapters.classroom.client import ClassroomCoursework, classroom
from shared.adapters.classroom.consent import GoogleConsent
from shared.adapters.classroom.place import GoogleClient, Place

__all__ = ["ClassroomCoursework", "GoogleClient", "GoogleConsent", "Place", "classroom"]
