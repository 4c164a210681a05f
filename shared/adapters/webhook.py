"""Posts to an address that a school chose, through the one door: nowhere but where its rule allows."""

from collections.abc import Mapping

from shared.adapters.http.address import AddressRefused, AddressRule
from shared.adapters.http.door import Door
from shared.adapters.http.message import Request
from shared.errors import Fault, Invalid
from shared.values import dataclass

SERVICE = "webhook"


@dataclass(frozen=True, slots=True)
class DoorWebhook:
    """Plays Webhook. `rule` is the door's own: it judges an address again at every call."""

    door: Door
    rule: AddressRule

    def check(self, url: str, *, pointer: str) -> None:
        try:
            host = Request("POST", self.rule.url(url), SERVICE).host
            self.rule.addresses(host)
        except AddressRefused as err:
            raise Invalid("request.body_invalid", (Fault(pointer, err.code),)) from err
        except OSError as err:
            raise Invalid("request.body_invalid", (Fault(pointer, "notify.host_unknown"),)) from err

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> None:
        sent = (("Content-Type", "application/json"), *headers.items())
        answer = self.door.send(Request("POST", url, SERVICE, headers=sent, body=body))
        if not answer.ok:
            raise answer.refusal()
