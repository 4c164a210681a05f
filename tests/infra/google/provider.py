"""A Terraform provider that knows the schema of hashicorp/google and can do nothing: all that `terraform validate`, and
`terraform test` with `mock_provider`, ask of one.

Speaks plugin protocol 5 (tfplugin5.proto and the go-plugin handshake, both in hashicorp/terraform and
hashicorp/go-plugin): one line on stdout says where the gRPC server listens, without TLS (TF_DISABLE_PLUGIN_TLS=1).
"""

import json
import os
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

Field = descriptor_pb2.FieldDescriptorProto
# message -> field -> (number, type); a list repeats. A map on the wire is a repeated Named.
PROTOCOL: dict[str, dict[str, tuple[int, Any]]] = {
    "Attribute": {
        "name": (1, str),
        "type": (2, bytes),
        "required": (4, bool),
        "optional": (5, bool),
        "computed": (6, bool),
    },
    "Nested": {
        "type_name": (1, str),
        "block": (2, "Block"),
        "nesting": (3, int),
        "min_items": (4, int),
        "max_items": (5, int),
    },
    "Block": {"version": (1, int), "attributes": (2, ["Attribute"]), "block_types": (3, ["Nested"])},
    "Schema": {"version": (1, int), "block": (2, "Block")},
    "Named": {"key": (1, str), "value": (2, "Schema")},
    "GetSchema": {"provider": (1, "Schema"), "resource_schemas": (2, ["Named"])},
    "Health": {"status": (1, int)},
}
SCALARS = {str: Field.TYPE_STRING, bytes: Field.TYPE_BYTES, bool: Field.TYPE_BOOL, int: Field.TYPE_INT64}
NESTING = {"single": 1, "list": 2, "set": 3, "map": 4}


def messages() -> dict[str, Any]:
    """The message classes of PROTOCOL."""
    file = descriptor_pb2.FileDescriptorProto(name="tfplugin5.proto", package="tfplugin5", syntax="proto3")
    for message, fields in PROTOCOL.items():
        made = file.message_type.add(name=message)
        for name, (number, kind) in fields.items():
            repeated = isinstance(kind, list)
            kind = kind[0] if repeated else kind
            field = made.field.add(name=name, number=number)
            field.label = Field.LABEL_REPEATED if repeated else Field.LABEL_OPTIONAL
            field.type = SCALARS.get(kind, Field.TYPE_MESSAGE)
            if kind not in SCALARS:
                field.type_name = f".tfplugin5.{kind}"
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return {name: message_factory.GetMessageClass(pool.FindMessageTypeByName(f"tfplugin5.{name}")) for name in PROTOCOL}


def answer(document: dict[str, Any]) -> bytes:
    """What GetSchema answers for a document of `terraform providers schema -json`."""
    of = messages()

    def block(told: dict[str, Any]) -> Any:
        plain = [
            of["Attribute"](name=name, **{**entry, "type": json.dumps(entry["type"]).encode()})
            for name, entry in told.get("attributes", {}).items()
        ]
        nested = [
            of["Nested"](
                type_name=name,
                block=block(entry["block"]),
                nesting=NESTING[entry["nesting_mode"]],
                min_items=entry.get("min_items", 0),
                max_items=entry.get("max_items", 0),
            )
            for name, entry in told.get("block_types", {}).items()
        ]
        return of["Block"](attributes=plain, block_types=nested)

    def schema(told: dict[str, Any]) -> Any:
        return of["Schema"](version=told["version"], block=block(told["block"]))

    [told] = document["provider_schemas"].values()
    resources = [of["Named"](key=name, value=schema(entry)) for name, entry in told["resource_schemas"].items()]
    return bytes(of["GetSchema"](provider=schema(told["provider"]), resource_schemas=resources).SerializeToString())


def main() -> None:
    schema = answer(json.loads(Path(__file__).with_name("schema.json").read_text()))
    healthy = bytes(messages()["Health"](status=1).SerializeToString())
    calls: dict[str, Callable[[bytes], bytes]] = {
        "/grpc.health.v1.Health/Check": lambda _: healthy,
        "/plugin.GRPCController/Shutdown": lambda _: os._exit(0),
        "/tfplugin5.Provider/GetSchema": lambda _: schema,
        # Question and answer are the same on the wire: the configuration, in field 1.
        "/tfplugin5.Provider/PrepareProviderConfig": lambda request: request,
        # No complaints of our own: what the schema forbids, terraform finds itself.
        "/tfplugin5.Provider/ValidateResourceTypeConfig": lambda _: b"",
        "/tfplugin5.Provider/Configure": lambda _: b"",
        "/tfplugin5.Provider/Stop": lambda _: b"",
    }

    class Calls(grpc.GenericRpcHandler):
        def service(self, details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler | None:
            call = calls.get(details.method)
            return grpc.unary_unary_rpc_method_handler(lambda request, _: call(request)) if call else None

    server = grpc.server(ThreadPoolExecutor(4))
    server.add_generic_rpc_handlers((Calls(),))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    sys.stdout.write(f"1|5|tcp|127.0.0.1:{port}|grpc\n")
    sys.stdout.flush()
    server.wait_for_termination()


if __name__ == "__main__":
    main()
