"""The one door to the network, and the rules about where it may lead."""

from shared.adapters.http.address import AddressRefused, AddressRule, Public, PublicAndLoopback
from shared.adapters.http.door import Door, Limits
from shared.adapters.http.message import Answer, Repeat, Request
from shared.adapters.http.retry import Pace

__all__ = [
    "AddressRefused",
    "AddressRule",
    "Answer",
    "Door",
    "Limits",
    "Pace",
    "Public",
    "PublicAndLoopback",
    "Repeat",
    "Request",
]
