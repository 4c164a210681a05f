"""A key that a SIS refused is not offered to it again for a while: a few refusals may lock it, and every teacher asks.

schools/{school}/sis/refusal    the secret's version, until when, and the facts of the refusal; nothing about a person.
                                There until the SIS takes the key again, or another one
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import wraps
from typing import Any, cast

from shared.domain.run import Problem
from shared.domain.sis import Sis
from shared.errors import Conflict, NotAuthorized, Unreachable
from shared.gradebook_port import Gradebook
from shared.ports import ABSENT, App, Data, Document, Write

QUIET = timedelta(minutes=15)
_REFUSED = "oneroster.credentials_refused"
_TAKEN = ("oneroster.right_missing", "oneroster.scope_refused")  # the key is good, and may not do this


def refusal_path(school: str) -> str:
    return f"schools/{school}/sis/refusal"


def forget_refusal(app: App, school: str) -> None:
    """The SIS takes key and secret now: it is asked again. Raises Unreachable."""
    if app.store.get(refusal_path(school)):
        app.store.commit([Write(refusal_path(school), None)])


def standing_refusal(app: App, school: str, sis: Sis) -> Problem | None:
    """That this key and secret were refused when they were last offered."""
    document = app.store.get(refusal_path(school))
    if document is None or document.data["secret_version"] != sis.secret_version:
        return None
    return Problem(_REFUSED, document.data["facts"])


def careful(app: App, school: str, sis: Sis, gradebook: Gradebook, *, refusal: Document | None) -> Gradebook:
    """The same gradebook, which asks nothing once this secret was refused, to whichever instance; `refusal` is what
    lies at `refusal_path`."""
    return cast(Gradebook, _Careful(app, school, sis, gradebook, refusal=refusal))


class _Careful:
    """Passes every question on, until one is refused for its key or secret."""

    def __init__(self, app: App, school: str, sis: Sis, gradebook: Gradebook, *, refusal: Document | None) -> None:
        self._app, self._school, self._sis, self._gradebook = app, school, sis, gradebook
        self._version = refusal.version if refusal else ABSENT
        data = refusal.data if refusal else {}
        self._noted = data.get("secret_version") == sis.secret_version  # the last that is known of this key is a no
        self._refused = data["facts"] if self._noted and app.now() < data["until"] else {}  # not to be asked again

    def __getattr__(self, name: str) -> Callable[..., Any]:
        ask = getattr(self._gradebook, name)

        @wraps(ask)
        def asked(*args: Any, **more: Any) -> Any:
            if self._refused:
                raise NotAuthorized(_REFUSED, **self._refused)
            try:
                answer = ask(*args, **more)
            except NotAuthorized as err:
                if _is_about_the_key(err, self._sis):
                    self._note(err)
                elif err.code in _TAKEN:
                    self._forget()
                raise
            self._forget()
            return answer

        return asked

    def _note(self, err: NotAuthorized) -> None:
        self._refused = err.facts
        until = self._app.now() + QUIET
        self._write({"secret_version": self._sis.secret_version, "until": until, "facts": err.facts})

    def _forget(self) -> None:
        if self._noted:
            self._noted = False
            self._write(None)

    def _write(self, data: Data | None) -> None:
        """Over what was read and nothing newer, which may be about another key: whoever asks next finds out too."""
        with suppress(Conflict, Unreachable):
            self._app.store.commit([Write(refusal_path(self._school), data, expect=self._version)])


def _is_about_the_key(err: NotAuthorized, sis: Sis) -> bool:
    """A token that is not taken says nothing of the key it came for."""
    return err.code == _REFUSED and (err.facts.get("what") == "token" or sis.security != "oauth2")
