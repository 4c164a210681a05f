"""Where an export happens: what all items of one class have in common."""

from datetime import date

from shared.domain.gradebook import Category, GradingPeriod
from shared.domain.partner import Limits, ScoreStatus
from shared.domain.sis import CategoryMissing
from shared.values import dataclass


@dataclass(frozen=True, slots=True)
class Circumstances:
    """`categories` and `periods` None: not read, because nothing new or changed is to be sent."""

    course: str
    class_id: str
    school: str  # org id at the SIS
    version: str  # "1.1", "1.2"
    limits: Limits
    statuses: tuple[ScoreStatus, ...]  # those the SIS keeps as they were meant
    zone: str
    today: date  # in that zone
    deletes: bool = True  # the SIS lets go of items and results
    default_category: str = ""
    category_missing: CategoryMissing = CategoryMissing.DEFAULT
    categories: tuple[Category, ...] | None = None
    periods: tuple[GradingPeriod, ...] | None = None
