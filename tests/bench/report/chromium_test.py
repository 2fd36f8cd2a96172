#!/usr/bin/env python3
"""Opens a report in Chromium, without a screen, and asks whether its charts drew and nothing was fetched.

usage: chromium_test.py --bench PATH --results FILE [--chromium PATH] [--picture FILE]

  --bench    blindbook-bench, which makes the report of --results
  --picture  keeps what it looked like

Chromium writes down every request it makes and for whom (--log-net-log): the page may have made none but for itself, and none
may have been kept back by its policy. The page says in <html data-drawn=..> which
charts were drawn; the test counts the points on each canvas that are not blank, by a script that it adds to a copy of the page,
so that a chart which is there and empty fails.

exit status: 0 all is well, 1 something is not, 77 there is no Chromium
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

CHARTS = {"online-cpu", "setup-cpu", "online-bytes", "first-bytes", "network", "client-memory"}
LEAST_POINTS = 500  # of a chart with two axes and a line
WATCH = """<head>
<script>
document.documentElement.dataset.kept = 0;
document.addEventListener("securitypolicyviolation", () => { ++document.documentElement.dataset.kept; });
</script>"""
COUNT = """<script>
document.documentElement.dataset.loaded = performance.getEntriesByType("resource").length;
document.documentElement.dataset.points = JSON.stringify(Object.fromEntries([...document.querySelectorAll("figure")].map((figure) => {
  const canvas = figure.querySelector("canvas");
  const pixels = canvas ? canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data : [];
  return [figure.id, pixels.filter((value, at) => at % 4 === 3 && value > 0).length];
})));
document.documentElement.dataset.unlabelled = [...document.querySelectorAll("input, select, button")]
  .filter((control) => control.labels.length === 0 && control.textContent.trim() === "").length;
</script>
</body>"""


def run_chromium(chromium, folder, arguments, page):
    # Each run has a profile of its own; a sandbox needs a user who is not root.
    command = [chromium, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
               "--disable-background-networking", "--disable-component-update", "--disable-sync",
               f"--user-data-dir={folder / 'profile'}", "--virtual-time-budget=5000", *arguments, page.as_uri()]
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=True, timeout=120).stdout


def attribute(dom, name):
    found = re.search(rf'<html[^>]* data-{name}="([^"]*)"', dom)
    return found.group(1).replace("&quot;", '"') if found else ""


def requests_beyond(log_file, page):
    """What was asked for besides the page, by Chromium's own account."""
    log = json.loads(log_file.read_text(encoding="utf-8"))
    asked = (event.get("params", {}) for event in log["events"])
    # What Chromium asks for itself has an initiator that is no origin.
    return sorted({one["url"] for one in asked if "url" in one and one["url"] != page.as_uri() and
                   one.get("initiator", "not an origin") != "not an origin"})


def faults_of(chromium, report, folder):
    page = folder / "report.html"
    text = report.read_text(encoding="utf-8")
    page.write_text(text.replace("<head>", WATCH).replace("</body>", COUNT), encoding="utf-8")
    log_file = folder / "net.json"
    dom = run_chromium(chromium, folder, ["--dump-dom", f"--log-net-log={log_file}"], page)
    drawn = set(attribute(dom, "drawn").split())
    if drawn != CHARTS:
        yield f"charts drawn: {sorted(drawn)}, not {sorted(CHARTS)}"
    points = json.loads(attribute(dom, "points") or "{}")
    for chart in sorted(CHARTS):
        if points.get(chart, 0) < LEAST_POINTS:
            yield f"chart {chart} has {points.get(chart, 0)} points"
    if attribute(dom, "unlabelled") != "0":
        yield f"{attribute(dom, 'unlabelled')} controls have no label"
    for name, what in (("kept", "requests kept back by the page's policy"), ("loaded", "resources loaded")):
        if attribute(dom, name) != "0":
            yield f"{attribute(dom, name)} {what}"
    for url in requests_beyond(log_file, page):
        yield f"fetched {url}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bench", type=Path, required=True)
    parser.add_argument("--results", type=Path, required=True)
    parser.add_argument("--chromium", default=shutil.which("chromium"))
    parser.add_argument("--picture", type=Path)
    options = parser.parse_args()
    if options.chromium is None:
        print("no Chromium")
        return 77
    with tempfile.TemporaryDirectory(prefix="blindbook-report-") as name:
        folder = Path(name)
        report = folder / "made.html"
        subprocess.run([options.bench, "--from", options.results, "--report", report], check=True)
        faults = list(faults_of(options.chromium, report, folder))
        if options.picture:
            run_chromium(options.chromium, folder, [f"--screenshot={options.picture.resolve()}", "--window-size=1400,5200"], report)
    print("\n".join(faults) if faults else "all charts drew, and nothing was fetched")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
