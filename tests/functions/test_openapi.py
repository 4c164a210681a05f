"""The document says what the routes do: nothing less, nothing else, and every example in it is true."""

import json
from typing import Any

import jsonschema_rs
import pytest
from schemathesis.specs.openapi.definitions import OPENAPI_31

from functions import about
from functions.described import problems_of
from functions.openapi import document
from functions.problem import BY_CODE
from functions.route import CSV, PUBLIC, Answer, Route
from shared.domain.causes import CAUSES
from tests.functions.toy import Client, House

SCHOOL = "/v1/schools/{school}"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return House(tmp_path_factory.mktemp("toy"))


@pytest.fixture(scope="module")
def told(house: House) -> dict[str, Any]:
    return json.loads(json.dumps(document(house.routes())))


def operations(told: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {(method.upper(), path): each for path, methods in told["paths"].items() for method, each in methods.items()}


def in_document(schema: dict[str, Any], told: dict[str, Any]) -> dict[str, Any]:
    """The schema with everything it refers to."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "components": told["components"]}


def test_it_is_an_openapi_3_1_document(told: dict[str, Any]) -> None:
    assert told["openapi"] == "3.1.0"
    jsonschema_rs.validate(OPENAPI_31, told)


def test_it_holds_every_route_and_no_other(house: House, told: dict[str, Any]) -> None:
    routes = (*house.routes(), *about.routes())
    assert set(operations(told)) == {(each.method, each.path) for each in routes}


def test_operation_ids_are_words_and_each_has_its_own(told: dict[str, Any]) -> None:
    names = [each["operationId"] for each in operations(told).values()]
    assert len(set(names)) == len(names)
    assert {"getPupils", "putPupils", "deletePupilsByPupil", "getPupilsByPupilCsv", "getHealth"} <= set(names)


def test_who_may_ask_is_in_the_document(told: dict[str, Any]) -> None:
    found = operations(told)
    assert found["GET", "/v1/health"]["security"] == []
    assert found["GET", f"{SCHOOL}/setting"]["security"] == [{"profijt": []}]
    assert found["PUT", f"{SCHOOL}/pupils"]["security"] == [{"profijt": []}, {"machine": []}]
    assert found["POST", "/v1/tick"]["security"] == [{"machine": []}]
    assert found["GET", f"{SCHOOL}/setting"]["x-roles"] == ["admin"]


def test_parameters_come_from_the_path_the_query_type_and_the_door(told: dict[str, Any]) -> None:
    pupils = operations(told)["GET", f"{SCHOOL}/pupils"]["parameters"]
    named = {each["name"]: each for each in pupils if "name" in each}
    assert list(named) == ["school", "limit", "cursor", "sort", "follows"]
    assert named["limit"]["schema"] == {"type": "integer", "minimum": 1, "maximum": 500, "default": 50}
    assert named["sort"]["schema"] == {"$ref": "#/components/schemas/Sort"}
    assert named["cursor"]["required"] is False
    assert {"$ref": "#/components/parameters/If-None-Match"} in pupils
    assert "PupilQuery" not in told["components"]["schemas"]
    posted = operations(told)["POST", f"{SCHOOL}/runs"]["parameters"]
    assert {"$ref": "#/components/parameters/Idempotency-Key"} in posted
    assert {"$ref": "#/components/parameters/If-Match"} in operations(told)["PUT", f"{SCHOOL}/setting"]["parameters"]


def test_success_has_its_status_its_type_and_its_headers(told: dict[str, Any]) -> None:
    found = operations(told)
    assert "202" in found["POST", f"{SCHOOL}/runs"]["responses"]
    assert "content" not in found["DELETE", f"{SCHOOL}/pupils/{{pupil}}"]["responses"]["204"]
    assert list(found["GET", f"{SCHOOL}/pupils/{{pupil}}.csv"]["responses"]["200"]["content"]) == [CSV]
    assert "ETag" in found["GET", f"{SCHOOL}/pupils"]["responses"]["200"]["headers"]
    assert "304" in found["GET", f"{SCHOOL}/pupils"]["responses"]
    assert set(found["PUT", f"{SCHOOL}/pupils"]["requestBody"]["content"]) == {"application/json", CSV}


def test_every_problem_has_an_example_in_both_languages_with_its_own_status(told: dict[str, Any]) -> None:
    examples = told["components"]["examples"]
    for operation in operations(told).values():
        for status, response in operation["responses"].items():
            if int(status) < 400:
                continue
            shown = response["content"]["application/problem+json"]["examples"]
            assert {name.rpartition(".")[2] for name in shown} == {"nl", "en"}
            assert {str(examples[name]["value"]["status"]) for name in shown} == {status}
    for name, each in examples.items():
        assert each["value"]["code"] == name.rpartition(".")[0]
        jsonschema_rs.validate(in_document({"$ref": "#/components/schemas/Problem"}, told), each["value"])


def test_every_example_of_a_body_fits_its_schema(told: dict[str, Any]) -> None:
    checked = 0
    for operation in operations(told).values():
        bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
        for content in (each for body in bodies for each in body.get("content", {}).values()):
            if "example" in content:
                jsonschema_rs.validate(in_document(content["schema"], told), content["example"])
                checked += 1
    assert checked > 10


def test_the_example_of_a_body_is_taken_by_the_door(house: House, told: dict[str, Any]) -> None:
    example = operations(told)["PUT", f"{SCHOOL}/pupils"]["requestBody"]["content"]["application/json"]["example"]
    assert example["pupils"][0]["voornaam"] == "Fatima"
    assert house.client().put("/v1/schools/dalton/pupils", json=example).status_code == 200


def test_answers_of_the_door_itself_are_as_described(house: House, told: dict[str, Any]) -> None:
    client = house.client()
    for path in ("/v1/health", "/v1/problems", "/v1/schools/dalton/pupils", "/v1/schools/dalton/setting"):
        template = path.replace("dalton", "{school}")
        schema = operations(told)["GET", template]["responses"]["200"]["content"]["application/json"]["schema"]
        jsonschema_rs.validate(in_document(schema, told), client.get(path).json)
    problem = client.put("/v1/schools/dalton/pupils", json={"pupils": [1]}).json
    jsonschema_rs.validate(in_document({"$ref": "#/components/schemas/Problem"}, told), problem)


def route(*problems: str) -> Route:
    return Route(
        "GET", "/v1/a", lambda app, asked: Answer(None), roles=PUBLIC, summary="", answer=None, problems=problems
    )


def test_a_problem_without_a_status_or_without_a_cause_is_refused() -> None:
    with pytest.raises(ValueError, match=r"as in .409 run.busy.$"):
        document([route("run.busy")])
    with pytest.raises(KeyError):
        document([route("404 nobody.knows")])
    assert ("409", "run.busy") in problems_of(route("409 run.busy"))


def test_the_codes_with_a_status_of_their_own_all_have_a_cause() -> None:
    assert set(BY_CODE) <= set(CAUSES)


def test_the_same_routes_make_the_same_document_in_any_order(house: House) -> None:
    routes = list(house.routes())
    assert json.dumps(document(routes)) == json.dumps(document(routes[::-1]))


def test_the_whole_document_is_served_to_everybody(house: House) -> None:
    answer = Client(house.function()).get("/v1/openapi.json", token=None)
    assert (answer.status_code, answer.json["openapi"]) == (200, "3.1.0")
