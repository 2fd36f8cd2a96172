#!/usr/bin/env bash
# Something in between answers with a page of its own, at any moment of a run: nobody is blamed, nothing is lost.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/scene.sh"

begin_with_alice

# Carries every request to the service, but those whose path begins with what stands in the file `caught`.
exec {portal}< <(exec python3 - "${url#http://}" <<'PYTHON'
import http.client, http.server, sys
class Portal(http.server.BaseHTTPRequestHandler):
    def carry(self):
        asked = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        caught = open("caught").read().strip()
        if caught and self.path.startswith(caught):
            status, kind, body = 200, "text/html", b"<html>please log in</html>"
        else:
            service = http.client.HTTPConnection(sys.argv[1])
            service.request(self.command, self.path, asked or None,
                            {name: self.headers[name] for name in ("Authorization", "Content-Type") if name in self.headers})
            answer = service.getresponse()
            status, kind, body = answer.status, answer.headers["Content-Type"], answer.read()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    do_GET = do_POST = carry
    def log_message(self, *arguments):
        pass
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Portal)
print(server.server_port, flush=True)
server.serve_forever()
PYTHON
)
helpers+=("$!")
read -r port <&"$portal" || fail "there is no portal"

ask() {
  local code=$1
  run "$code" discover --server "http://127.0.0.1:$port" --operator-key operator/public/operator.pub --token-file token \
    --region DE --contacts contacts.vcf --format json
}
caught_at() {
  echo "$1" >caught
  ask "$(exit_code_of "$2")"
  expect_nothing_on out
  expect_err "what answered is not a blindbook service" "hint: a captive portal"
}

caught_at /v1/announcement announcement.not-an-envelope
caught_at /v1/evaluate service.not-an-answer
caught_at /v1/directory service.not-an-answer
: >caught
ask 0
# The batch of 64 that the portal caught was sent again as it was, and charged once; the two runs that came as far had
# nothing new to ask, each in a batch of 16.
expect_json 'it["evaluated"], it["allowance_left"], [match["name"] for match in it["matches"]]' \
  "(0, $((8192 - 64 - 16 - 16)), ['Anna Muster', 'Work, Anna', 'Carla'])"
stop_serve
