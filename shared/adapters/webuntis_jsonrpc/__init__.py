"""WebUntis' JSON-RPC API, for schools with an ordinary API user: people (Roster) and lessons (TimetableSource)."""

from shared.adapters.webuntis_jsonrpc.client import JsonRpc, jsonrpc

__all__ = ["JsonRpc", "jsonrpc"]
