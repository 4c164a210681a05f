"""Who has been gone from Profijt for so long that what was kept for them goes as well.

A list that was empty by mistake ends nobody's: it is noted who is gone, and it is over when that is still so later.
"""

from collections.abc import Iterator

from shared.flows.directory import read_directories
from shared.flows.documents import documents
from shared.ports import App, Document, Write


def leavers_with(app: App, school: str, collection: str) -> Iterator[Document]:
    """The documents here, each of one `user`, of users who have been gone for as long as a password out of use is kept.

    Notes in the others since when their user is `gone`, and who came back. Raises Conflict when one changes meanwhile.
    """
    kept, now = list(documents(app.store, f"schools/{school}/{collection}")), app.now()
    if not kept:
        return
    here = {each.id for directory in read_directories(app, school).values() for each in directory.users}
    for found in kept:
        before = found.data.get("gone")
        gone = None if found.data["user"] in here else before or now
        if gone != before:
            app.store.commit([Write(found.path, found.data | {"gone": gone}, expect=found.version)])
        elif gone and gone + app.rules.keep.secret <= now:
            yield found
