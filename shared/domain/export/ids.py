"""What we call things at a SIS: always the same for the same thing, whatever the connection, address, day or chance."""

import uuid

# Never to be changed: every item and result that any school ever exported is known by it.
NAMESPACE = uuid.UUID("a418f802-cc3b-4719-8d63-a9634fb3579f")


def item_id(sis_class: str, course: str, work: str, generation: int) -> str:
    """The line item of a work in a class. `generation` rises when the SIS deleted one and does not take its id back."""
    return str(uuid.uuid5(NAMESPACE, f"{sis_class}|{course}|{work}|g{generation}"))


def result_id(item: str, sis_student: str) -> str:
    """A student's result; `item` is the id as we gave it (`item_id`), also where the SIS calls the item otherwise."""
    return str(uuid.uuid5(NAMESPACE, f"{item}|{sis_student}"))
