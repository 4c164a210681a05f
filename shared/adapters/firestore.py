"""The Store in Firestore: every call ends within its deadline, in an answer or in one of our errors.

The generated client, not the convenient one: that retries in silence for 60 seconds, and copies every document twice.
"""

import functools
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import grpc
from google.api_core import exceptions
from google.api_core.retry import Retry, if_exception_type
from google.auth.exceptions import GoogleAuthError, TransportError
from google.cloud.firestore_v1 import types
from google.cloud.firestore_v1.services.firestore import FirestoreClient
from google.cloud.firestore_v1.services.firestore.transports import FirestoreGrpcTransport

from shared.adapters.document import Checked, check_commit, check_path, chunks
from shared.adapters.firestore_wire import document, query_message, version_text, write_message
from shared.adapters.indexes import EXEMPT, INDEXES, Exempt, Index
from shared.adapters.query import Declared, prepare
from shared.errors import Conflict, Misconfigured, ProfijtError, Rejected, Throttled, Unreachable
from shared.ports import ANY, Document, Page, Store, Where, Write

DEADLINE = 10.0  # seconds for one call, with its retries
THREADS = 4  # more are no faster (measured)

# A dropped connection is tried anew for a moment; the queue, not the caller's patience, bridges a real outage.
_AGAIN = Retry(if_exception_type(exceptions.ServiceUnavailable), initial=0.1, maximum=1.0, timeout=3.0)
# Chunks of write_many may be repeated, so contention and busy servers are waited for.
_WAIT = Retry(
    if_exception_type(exceptions.ServiceUnavailable, exceptions.Aborted, exceptions.ResourceExhausted),
    initial=0.2,
    maximum=2.0,
    timeout=DEADLINE,
)
# Without this a connection that died in silence is found out only by the deadline of a call.
_CHANNEL = [("grpc.max_receive_message_length", -1), ("grpc.keepalive_time_ms", 30_000)]
# The emulator takes a caller without this for a web client and judges every write by security rules: ten times slower.
_OWNER = (("authorization", "Bearer owner"),)

CommitRequest = types.CommitRequest.pb()
BatchGet = types.BatchGetDocumentsRequest.pb()
RunQuery = types.RunQueryRequest.pb()


class FirestoreStore(Store):
    """Documents in one Firestore database. The client is made on first use, by the application's default credentials,
    or without any for an `emulator` (host:port)."""

    def __init__(
        self,
        project: str,
        database: str = "(default)",
        *,
        emulator: str = "",
        deadline: float = DEADLINE,
        indexes: Sequence[Index] = INDEXES,
        exempt: Sequence[Exempt] = EXEMPT,
    ) -> None:
        self._database = f"projects/{project}/databases/{database}"
        self._root = f"{self._database}/documents/"
        self._emulator = emulator
        self._metadata = _OWNER if emulator else ()
        self._deadline = deadline
        self._declared = Declared(indexes, exempt)

    @functools.cached_property
    def _api(self) -> FirestoreClient:
        if self._emulator:
            channel = grpc.insecure_channel(self._emulator, options=_CHANNEL)
        else:
            channel = FirestoreGrpcTransport.create_channel(options=_CHANNEL)
        return FirestoreClient(transport=FirestoreGrpcTransport(channel=channel))

    def get_many(self, paths: Sequence[str]) -> dict[str, Document]:
        wanted = dict.fromkeys(paths)
        for path in wanted:
            check_path(path)
        if not wanted:
            return {}
        request = BatchGet(database=self._database, documents=[self._root + path for path in wanted])
        with _our_errors():
            answers = self._api.batch_get_documents(
                request=types.BatchGetDocumentsRequest.wrap(request),
                retry=_AGAIN,
                timeout=self._deadline,
                metadata=self._metadata,
            )
            found = [a.found for a in map(types.BatchGetDocumentsResponse.pb, answers) if a.HasField("found")]
        return {each.path: each for each in (document(self._root, message) for message in found)}

    def query(
        self,
        collection: str,
        *,
        where: Sequence[Where] = (),
        order: str = "",
        descending: bool = False,
        limit: int = 100,
        cursor: str | None = None,
    ) -> Page:
        query = prepare(
            collection,
            where=where,
            order=order,
            descending=descending,
            limit=limit,
            cursor=cursor,
            declared=self._declared,
        )
        if query.nothing:
            return Page((), None)
        parent = (self._root + collection.rpartition("/")[0]).rstrip("/")
        request = RunQuery(parent=parent, structured_query=query_message(self._root, query))
        with _our_errors():
            answers = self._api.run_query(
                request=types.RunQueryRequest.wrap(request),
                retry=_AGAIN,
                timeout=self._deadline,
                metadata=self._metadata,
            )
            found = [a.document for a in map(types.RunQueryResponse.pb, answers) if a.HasField("document")]
        return query.page([document(self._root, message) for message in found])

    def commit(self, writes: Sequence[Write]) -> tuple[str, ...]:
        """As the port says. Unreachable leaves open whether it happened: read again."""
        checked = check_commit(writes, self._declared.exempt)
        if not checked:
            return ()
        # Repeating a conditional commit whose answer was lost would report our own success as a Conflict.
        repeatable = all(write.expect == ANY for write in checked)
        results = self._commit(checked, _AGAIN if repeatable else None)
        return tuple(
            "" if write.data is None else version_text(result.update_time)
            for write, result in zip(checked, results, strict=True)
        )

    def write_many(self, writes: Sequence[Write]) -> None:
        batches = chunks(writes, self._declared.exempt)
        if len(batches) <= 1:
            for batch in batches:
                self._commit(batch, _WAIT)
            return
        with ThreadPoolExecutor(THREADS) as pool:
            for _ in pool.map(lambda batch: self._commit(batch, _WAIT), batches):
                pass  # raises what a thread raised

    def _commit(self, writes: Sequence[Checked], retry: Retry | None) -> Any:
        messages = [write_message(self._root, write) for write in writes]
        request = types.CommitRequest.wrap(CommitRequest(database=self._database, writes=messages))
        with _our_errors(conditional=any(write.expect != ANY for write in writes)):
            answer = self._api.commit(request=request, retry=retry, timeout=self._deadline, metadata=self._metadata)
        return types.CommitResponse.pb(answer).write_results


@contextmanager
def _our_errors(*, conditional: bool = False) -> Iterator[None]:
    try:
        yield
    except (exceptions.GoogleAPIError, GoogleAuthError) as err:
        raise our_error(err, conditional=conditional) from err


def our_error(err: Exception, *, conditional: bool) -> ProfijtError:
    """Google's error as ours. `conditional`: the call had preconditions, whose failure is a Conflict."""
    match err:
        # exists=false, another version, (production:) a vanished document, contention on the very same
        case (
            exceptions.AlreadyExists() | exceptions.FailedPrecondition() | exceptions.NotFound() | exceptions.Aborted()
        ) if conditional:
            return Conflict("store.conflict")
        case exceptions.Forbidden() | exceptions.Unauthorized():
            return Misconfigured("store.not_allowed")  # our own service account: the operator's
        case GoogleAuthError() if not isinstance(err, TransportError):
            return Misconfigured("store.not_allowed")  # our own service account: the operator's
        case exceptions.TooManyRequests():  # RESOURCE_EXHAUSTED
            return Throttled("store.throttled", service="store", retry_after=None)
        case exceptions.NotFound():
            return Misconfigured("store.missing")
        case exceptions.FailedPrecondition():  # "The query requires an index": declared, but not (yet) built
            return Misconfigured("store.index_missing", collection="?", order="?")
        case exceptions.InvalidArgument() | exceptions.OutOfRange():
            return Rejected("store.rejected", service="store")
        case _:  # unavailable, deadline, aborted, cancelled, internal, unknown; retries used up; no token to be had
            return Unreachable("store.unreachable", service="store")
