"""A call to a Google API ends within a set time and fails in our words: nothing of google.* crosses a port."""

from collections.abc import Iterator
from contextlib import contextmanager

from google.api_core.exceptions import (
    Aborted,
    Cancelled,
    ClientError,
    Forbidden,
    GoogleAPIError,
    ResourceExhausted,
    ServiceUnavailable,
    Unauthorized,
)
from google.api_core.retry import Retry, if_exception_type
from google.auth.exceptions import DefaultCredentialsError, GoogleAuthError

from shared.errors import Misconfigured, ProfijtError, Rejected, Throttled, Unreachable


def patience(seconds: float) -> Retry:
    """Repeats a call that may be repeated while the service is away, for at most `seconds`.

    Given together with `timeout=seconds` to every such call: a timeout alone does not bound the clients' own
    retries, which go on for 60 s and more (measured with google-cloud-secret-manager 2.32).
    """
    return Retry(
        predicate=if_exception_type(ServiceUnavailable), initial=0.1, multiplier=2.0, maximum=1.0, timeout=seconds
    )


@contextmanager
def in_our_words(subject: str, *, service: str) -> Iterator[None]:
    """Failures inside become "{subject}.unreachable", ".throttled", ".not_allowed" or ".refused"."""
    try:
        yield
    except (GoogleAPIError, GoogleAuthError) as err:
        raise _ours(err, subject, service) from err


def _ours(err: Exception, subject: str, service: str) -> ProfijtError:
    if isinstance(err, Forbidden | Unauthorized | DefaultCredentialsError):
        return Misconfigured(f"{subject}.not_allowed")  # our own service account lacks a right: the operator's
    if isinstance(err, ResourceExhausted):
        return Throttled(f"{subject}.throttled", service=service, retry_after=None)
    if isinstance(err, ClientError) and not isinstance(err, Aborted | Cancelled):
        return Rejected(f"{subject}.refused", service=service)
    return Unreachable(f"{subject}.unreachable", service=service)
