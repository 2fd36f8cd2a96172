#!/usr/bin/env python3
"""compare_shapes.py RECORD RECORD: whether two runs look the same to whoever sees their traffic.

The shape of a run is which requests it sends, in which order, over which connection, and the sizes of the head and body of
each request and answer, as tests/support/recording_proxy.py recorded them. Also holds each record against the rule that
the access token never crosses a connection that carries anything but evaluations. Says what differs, and ends with 1 if
anything does.
"""
import json
import sys


def shape_of(record):
    """One line for each exchange, in the order in which they began."""
    lines = []
    for connection in record["connections"]:
        for exchange in connection["exchanges"]:
            request, answer = exchange["request"], exchange["answer"]
            lines.append((request["began"],
                          f"connection {connection['number']}: {request['start_line']}"
                          f" {request['head_bytes']}+{request['body_bytes']} bytes"
                          f"{' with token' if 'authorization' in request['fields'] else ''},"
                          f" fields {' '.join(request['fields'])};"
                          f" answer {answer['start_line']} {answer['head_bytes']}+{answer['body_bytes']} bytes"))
    return [line for _, line in sorted(lines)]


def faults_of_token(record):
    faults = []
    for connection in record["connections"]:
        kinds = {("authorization" in exchange["request"]["fields"], exchange["request"]["start_line"].split(" ")[1])
                 for exchange in connection["exchanges"]}
        if any(with_token for with_token, _ in kinds) and kinds != {(True, "/v1/evaluate")}:
            faults.append(f"the token crossed a connection that carried {sorted(path for _, path in kinds)}")
        if any("cookie" in exchange["request"]["fields"] for exchange in connection["exchanges"]):
            faults.append("a cookie was sent")
    return faults


def main(arguments):
    records = []
    for path in arguments:
        with open(path, encoding="utf-8") as file:
            records.append(json.load(file))
    faults = [fault for record in records for fault in faults_of_token(record)]
    shapes = [shape_of(record) for record in records]
    if not all(shapes):
        faults.append("nothing was recorded")
    if shapes[0] != shapes[1]:
        faults.append("the shapes differ:\n  " + "\n  ".join(shapes[0]) + "\n against\n  " + "\n  ".join(shapes[1]))
    print("\n".join(faults))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
