#!/usr/bin/env python3
"""compare_report.py REPORT RECORD TOKEN: holds a disclosure report against what a recording proxy saw, byte for byte.

RECORD is what tests/support/recording_proxy.py wrote, TOKEN the file with the access token. Says what differs, and ends
with 1 if anything does.
"""
import base64
import json
import sys


def text_of(parts, token):
    """The head as the report tells it; the token, which it leaves out, put back."""
    out = ""
    for part in parts:
        if part["part"] == "token":
            out = out[:-2] + token + "\r\n"
        elif part["part"] in ("request-line", "header-field", "end-of-head"):
            out += part.get("text", "") + "\r\n"
    return out


def faults_of_request(request, exchange, token):
    sent, received, parts = request["sent"], request["received"], request["contains"]
    seen, answer = exchange["request"], exchange["answer"]
    head, body = base64.b64decode(seen["head"]).decode(), base64.b64decode(seen["body"])
    in_body = [part for part in parts if part["part"] in ("body-header", "blinded-elements", "handle")]
    pairs = [
        ("start line", f"{request['method']} {request['path']} HTTP/1.1", seen["start_line"]),
        ("host", request["host"], seen["fields"]["host"]),
        ("head sent", sent["head"], len(head)),
        ("body sent", sent["body"], len(body)),
        ("head received", received["head"], answer["head_bytes"] if answer else 0),
        ("body received", received["body"], answer["body_bytes"] if answer else 0),
        ("head, line by line", text_of(parts, token), head),
        ("parts of the head", sum(part["bytes"] for part in parts if part not in in_body), len(head)),
        ("parts of the body", sum(part["bytes"] for part in in_body), len(body)),
        ("token", request["with_account"], "authorization" in seen["fields"]),
        ("token bytes", [part["bytes"] for part in parts if part["part"] == "token"],
         [len(token)] if "authorization" in seen["fields"] else []),
    ]
    if body[1:4] == b"EQ1":
        elements = in_body[-1]
        pairs += [("elements", elements["count"], int.from_bytes(body[22:24], "big")),
                  ("bytes of the elements", elements["count"] * elements["bytes_each"], len(body) - 24)]
    if answer and answer["complete"]:
        pairs.append(("status", request["status"], int(answer["start_line"].split(" ")[1])))
    else:
        pairs.append(("a failure is named", bool(request["failure"]), True))
    return [f"{name}: the report says {told!r}, the proxy saw {saw!r}" for name, told, saw in pairs if told != saw]


def faults_of(report, record, token):
    faults = []
    by_connection = {}
    for request in report["requests"]:
        if request["connection"] is None:
            amounts = [*request["sent"].values(), *request["received"].values()]
            if any(amounts) or request["contains"] or not request["failure"]:
                faults.append("a request without connection moved bytes, or names no failure")
        else:
            by_connection.setdefault(request["connection"], []).append(request)
    # A connection that ended before anything was sent on it carried no request.
    seen = {connection["number"]: connection for connection in record["connections"]
            if connection["bytes_sent"] or connection["bytes_received"]}
    if sorted(by_connection) != sorted(seen):
        return faults + [f"connections: the report says {sorted(by_connection)}, the proxy saw {sorted(seen)}"]
    for number, requests in by_connection.items():
        connection = seen[number]
        for way in ("sent", "received"):
            told = sum(sum(request[way].values()) for request in requests)
            if told != connection["bytes_" + way]:
                faults.append(f"connection {number}: {told} bytes {way} told, {connection['bytes_' + way]} seen")
        if len(requests) != len(connection["exchanges"]):
            faults.append(f"connection {number}: {len(requests)} requests told, {len(connection['exchanges'])} seen")
        for request, exchange in zip(requests, connection["exchanges"]):
            opaque = exchange["answer"] is None and sum(request["received"].values())
            if opaque:  # no HTTP came back: the sum above is all there is to compare
                continue
            faults += [f"connection {number}, {request['path']}: {fault}"
                       for fault in faults_of_request(request, exchange, token)]
    for way in ("sent", "received"):
        if report["bytes_" + way] != sum(sum(request[way].values()) for request in report["requests"]):
            faults.append(f"bytes {way} are not the sum over the requests")
    times = [request["time"] for request in report["requests"]]
    if times != sorted(times) or not all(report["run"]["began_at"] <= time <= report["run"]["written_at"] for time in times):
        faults.append("the times of the requests are out of order")
    return faults


def main(arguments):
    with open(arguments[0], encoding="utf-8") as report, open(arguments[1], encoding="utf-8") as record, \
            open(arguments[2], encoding="utf-8") as token:
        faults = faults_of(json.load(report), json.load(record), token.read().strip())
    print("\n".join(faults))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
