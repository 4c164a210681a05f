"""A function in parts answers as if it were one table, and a request imports what it is about and no more."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import bench.cold_requests
from functions import about, grade_export, settings, timetable
from functions.parts import Parts, PartTable
from functions.table import Table
from shared.errors import Invalid, NotFound

ROOT = Path(__file__).parent.parent.parent
FUNCTIONS = {"settings": settings.PARTS, "timetable": timetable.PARTS, "grade_export": grade_export.PARTS}
OTHERS = about.routes("test")


@pytest.mark.parametrize("parts", FUNCTIONS.values(), ids=FUNCTIONS)
def test_every_route_is_found_by_its_part_as_in_one_table_of_all(parts: Parts) -> None:
    whole, parted = Table((*parts.all(), *OTHERS)), PartTable(parts, OTHERS)
    for route in (*parts.all(), *OTHERS):
        for parameter in ("demo", "runs", "preview", "latest"):
            path = re.sub(r"\{[a-z_]+\}", parameter, route.path)
            assert allowed(whole, path) == allowed(parted, path), path
            expected, found = whole.find(route.method, path), parted.find(route.method, path)
            assert found[0].route is expected[0].route
            assert found[1] == expected[1]


@pytest.mark.parametrize(
    "path", ["/", "", "/v1", "/v1/schools", "/v1/schools/demo/", "/v1/schools/demo/../runs", "/x/y"]
)
def test_a_path_that_is_nobodys_is_not_found_and_imports_nothing(path: str) -> None:
    table = PartTable(Parts({"runs": ("no_such_module",)}), OTHERS)
    with pytest.raises(NotFound):
        table.find("GET", path)


def allowed(table: Table | PartTable, path: str) -> object:
    with pytest.raises(Invalid) as refused:
        table.find("OPTIONS", path)
    return refused.value.facts["allow"]


# Function -> what answers its first request, and what that request has no use for: each is milliseconds of every start.
# "shared.domain.matching" alone is 18 modules.
FIRST = {
    "tick": ("functions.tick", ["shared.domain.matching", "shared.domain.timetable", "shared.flows.tell"]),
    "link_school": ("functions.auto_link", ["shared.domain.timetable", "shared.flows.tell", "functions.edge"]),
    "notify": ("functions.notify", ["shared.domain.matching", "shared.domain.timetable", "shared.flows.link_school"]),
    "retain": ("functions.housekeeping", ["shared.domain.matching", "shared.domain.timetable", "functions.edge"]),
    "refresh": ("functions.timetable_jobs", ["shared.domain.matching", "functions.edge", "functions.planner"]),
    "timetable": ("functions.planner", ["shared.domain.matching", "functions.feeds", "icalendar"]),
    "grade_export": ("functions.sis", ["shared.domain.matching", "shared.domain.timetable", "functions.exports"]),
    "settings": ("functions.runs", ["shared.domain.matching", "shared.domain.timetable", "functions.users", "tomllib"]),
    "webuntis_webhook": ("functions.webuntis_webhook", ["shared.domain.matching", "shared.domain.timetable"]),
}
ASK = """
import os, sys
os.environ |= {{"K_SERVICE": "x", "FUNCTION_TARGET": {target!r}}}
import main
import {module}
print([name for name in {unneeded!r} if name in sys.modules])
"""


@pytest.mark.parametrize("target", FIRST)
def test_a_function_imports_nothing_its_first_request_has_no_use_for(target: str) -> None:
    module, unneeded = FIRST[target]
    program = ASK.format(target=target, module=module, unneeded=unneeded)
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_function_of_main_is_measured_and_knows_what_to_import_ahead() -> None:
    source = (ROOT / "main.py").read_text()
    functions = re.findall(r"^def (\w+)\(request: Request\)", source, re.MULTILINE)
    ahead = re.findall(r'^    "(\w+)": \(', source, re.MULTILINE)
    assert functions == ahead
    assert sorted(functions) == sorted(bench.cold_requests.FIRST)
