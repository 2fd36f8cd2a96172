#!/usr/bin/env bash
# Prometheus itself reads what `serve --admin-listen` shows, and the example of alerts rings when it should.
# shellcheck source-path=SCRIPTDIR disable=SC2154
. "$(dirname "${BASH_SOURCE[0]}")/servers.sh"

examples=$integration/../../cli/packaging/examples
promtool check rules "$examples/prometheus-alerts.yml" >out 2>err || fail "the rules"
cp "$examples/prometheus-alerts.yml" "$integration/alerts_test.yml" .
promtool test rules alerts_test.yml >out 2>err || fail "an alert"
# Every alert is tried; and a rule that never rings is noticed.
diff -u <(sed -n 's/^ *- alert: //p' prometheus-alerts.yml | sort) \
  <(sed -n 's/^ *alertname: //p' alerts_test.yml | sort -u) >&2 || fail "alerts (-) and their tests (+) differ"
sed 's/== 0$/== 7/' "$examples/prometheus-alerts.yml" >prometheus-alerts.yml
! promtool test rules alerts_test.yml >out 2>err || fail "nobody noticed another rule"

make_operator
make_address_book
make_token alice
start_serve --data operator --listen 127.0.0.1:0 --passphrase-file passphrase --admin-listen 127.0.0.1:0
read -r line <&"$serve_out"
admin=${line#metrics on http://}
run 0 discover --server "$url" --operator-key operator/public/operator.pub --token-file token --region DE \
  --contacts contacts.vcf --no-state
curl --silent --fail "http://$admin" >scraped || fail "no metrics"
promtool check metrics <scraped >out 2>err || fail "promtool check metrics"
expect_nothing_on out
expect_nothing_on err
# The check, judged.
sed 's/^# HELP blindbook_connections .*//' scraped >altered
! promtool check metrics <altered >out 2>err || fail "promtool takes anything"

cp "$examples/prometheus-alerts.yml" .
cat >prometheus.yml <<YAML
global: {scrape_interval: 1s, evaluation_interval: 1s}
rule_files: [prometheus-alerts.yml]
scrape_configs:
  - job_name: blindbook
    static_configs: [{targets: ["${admin%/metrics}"]}]
YAML
promtool check config prometheus.yml >out 2>err || fail "the configuration"
read -r port < <(free_ports 1)
make_folder_of_server prometheus
chmod 644 prometheus.yml prometheus-alerts.yml
"${unprivileged[@]}" prometheus --config.file "$scene/prometheus.yml" --storage.tsdb.path "$scene/prometheus" \
  --web.listen-address "127.0.0.1:$port" >prometheus.log 2>&1 </dev/null &
helpers+=("$!")
# asked EXPRESSION: its value, as Prometheus holds it.
asked() {
  curl --silent --get --data-urlencode "query=$1" "http://127.0.0.1:$port/api/v1/query" >out 2>err &&
    [ "$(json 'it["data"]["result"][0]["value"][1]' 2>/dev/null)" = "$2" ]
}
wait_until prometheus.log asked 'up{job="blindbook"}' 1
wait_until prometheus.log asked blindbook_evaluations_total 64
wait_until prometheus.log asked 'sum(blindbook_ready)' 1
wait_until prometheus.log asked 'count(blindbook_request_duration_seconds_bucket{route="/v1/evaluate"})' 12
stop_serve
wait_until prometheus.log asked 'up{job="blindbook"}' 0
