// Draws the charts of a report of `blindbook bench` out of the results that the page holds. Needs uPlot; fetches nothing.
"use strict";
(() => {
  const results = JSON.parse(document.getElementById("results").textContent);
  const form = document.getElementById("controls");
  const root = document.documentElement;

  // Okabe and Ito's colours, which most people can tell apart, in a lightness for each background.
  const light = ["#0072b2", "#d55e00", "#7a5195", "#b8860b", "#56a0d3", "#c2185b", "#4d4d4d", "#8c564b"];
  const dark = ["#4db0e6", "#ff8c42", "#c79bf0", "#f0c75e", "#9bd3f5", "#ff7bac", "#c8c8c8", "#d3a08f"];
  const isOurs = (protocol) => protocol.name.startsWith("blindbook");

  const measured = new Set(results.summary.map((row) => row.protocol));
  const protocols = results.protocols.filter((protocol) => measured.has(protocol.name));
  const styles = new Map();
  let others = 0;
  let ours = 0;
  for (const protocol of protocols) {
    // Ours in green, the first kernel in a full line; a dash for each that shows contacts to the service.
    const own = isOurs(protocol);
    const index = own ? ours++ : others++;
    styles.set(protocol.name, {
      color: (night) => (own ? (night ? "#7fd1a6" : "#0b5d3b") : (night ? dark : light)[index % light.length]),
      width: own && index === 0 ? 3 : 1.75,
      dash: own ? [[], [9, 4], [3, 4]][index % 3] : protocol.hides_contacts ? (index < light.length ? [] : [10, 3]) : [2, 3],
    });
  }

  const charts = [
    { id: "online-cpu", unit: "s", value: (row) => row.online_cpu_seconds.median },
    { id: "setup-cpu", unit: "s", value: (row) => row.setup_cpu_seconds?.median },
    { id: "online-bytes", unit: "B", value: (row) => row.online_bytes },
    { id: "first-bytes", unit: "B", value: (row) => row.online_bytes + row.download_bytes },
    { id: "network", unit: "s", value: (row) => (row.network_seconds ?? {})[form.network.value] },
    { id: "client-memory", unit: "B", value: (row) => row.client_peak_bytes },
  ];

  const scaled = (value, units) => {
    const unit = units.find(([least]) => value >= least) ?? units[units.length - 1];
    return `${Number((value / unit[0]).toPrecision(3)).toLocaleString("en")} ${unit[1]}`;
  };
  const formats = {
    s: (value) => scaled(value, [[1, "s"], [1e-3, "ms"], [1e-6, "µs"]]),
    B: (value) => scaled(value, [[1e9, "GB"], [1e6, "MB"], [1e3, "kB"], [1, "B"]]),
    count: (value) => (Number.isInteger(Math.log2(value)) && value >= 1024 ? `2^${Math.log2(value)}` : String(value)),
  };

  const distinct = (key) => [...new Set(results.summary.map((row) => row[key]))].sort((a, b) => a - b);
  const shown = () => protocols.filter((_, at) => form.elements[`show-${at}`].checked);

  // The form's second choice is of what the horizontal axis is not.
  const fillFixed = () => {
    const key = form.axis.value === "subscribers" ? "contacts" : "subscribers";
    form.fixed.replaceChildren(...distinct(key).map((value) => new Option(`${value.toLocaleString("en")} ${key}`, value)));
    form.fixed.selectedIndex = form.fixed.options.length - 1;
  };

  let night = window.matchMedia("(prefers-color-scheme: dark)").matches;
  const drawn = new Map();

  const draw = (chart) => {
    const axis = form.axis.value;
    const fixed = axis === "subscribers" ? "contacts" : "subscribers";
    const rows = results.summary.filter((row) => row[fixed] === Number(form.fixed.value));
    const xs = distinct(axis);
    const lines = shown();
    const find = (protocol, x) => rows.find((row) => row.protocol === protocol.name && row[axis] === x);
    const columns = lines.map((protocol) => xs.map((x) => {
      const row = find(protocol, x);
      const value = row && chart.value(row);
      return value > 0 ? value : null;  // a logarithm has no zero
    }));
    const place = document.getElementById(chart.id).querySelector(".plot");
    drawn.get(chart.id)?.destroy();
    place.replaceChildren();
    const values = columns.flat().filter((value) => value !== null);
    const caption = document.getElementById(chart.id).querySelector("figcaption");
    if (values.length === 0) {
      drawn.delete(chart.id);
      caption.textContent = "Nothing was measured for this choice.";
      return;
    }
    const ink = night ? "#ececea" : "#1a1a1a";
    const grid = night ? "#3a3e37" : "#dddfda";
    const format = formats[chart.unit];
    const pad = (low, high) => [low / 1.6, high * 1.6];
    const plot = new uPlot({
      width: Math.max(280, Math.min(560, place.clientWidth || 480)),
      height: 300,
      cursor: { points: { size: 8 }, drag: { x: false, y: false } },
      legend: { show: false },
      scales: {
        x: { time: false, distr: 3, log: 2, range: (_, low, high) => pad(low, high) },
        y: { distr: 3, log: 10, range: (_, low, high) => [10 ** Math.floor(Math.log10(low)), 10 ** Math.ceil(Math.log10(high * 1.01))] },
      },
      axes: [
        { stroke: ink, grid: { stroke: grid }, ticks: { stroke: grid }, splits: () => xs, filter: (_, splits) => splits, values: (_, splits) => splits.map(formats.count),
          label: axis, labelSize: 22 },
        { stroke: ink, grid: { stroke: grid }, ticks: { stroke: grid }, size: 64,
          values: (_, splits) => splits.map((value) => (value !== null && Number.isInteger(Math.round(Math.log10(value) * 1e6) / 1e6) ? format(value) : "")) },
      ],
      series: [{}, ...lines.map((protocol) => {
        const style = styles.get(protocol.name);
        return { label: protocol.title, stroke: style.color(night), width: style.width, dash: style.dash, spanGaps: true,
                 points: { show: true, size: 6, fill: style.color(night) } };
      })],
    }, [xs, ...columns], place);
    drawn.set(chart.id, plot);
    // For who does not see the lines: the ends of them, the least first.
    const last = lines.map((protocol, i) => [protocol.title, columns[i].findLast((value) => value !== null)])
      .filter(([, value]) => value !== undefined).sort((a, b) => a[1] - b[1]);
    caption.textContent = `At the right end, the least first: ${last.map(([title, value]) => `${title} ${format(value)}`).join("; ")}.`;
  };

  const drawAll = () => charts.forEach(draw);

  protocols.forEach((protocol, at) => {
    const key = document.getElementById(`key-${at}`);
    const style = styles.get(protocol.name);
    key.style.borderTopColor = style.color(night);
    key.style.borderTopStyle = style.dash.length === 0 ? "solid" : style.dash[0] > 4 ? "dashed" : "dotted";
  });
  form.axis.addEventListener("change", fillFixed);
  form.addEventListener("change", drawAll);
  form.addEventListener("submit", (event) => event.preventDefault());
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", (event) => { night = event.matches; drawAll(); });
  window.addEventListener("beforeprint", () => { night = false; drawAll(); });
  window.addEventListener("afterprint", () => { night = window.matchMedia("(prefers-color-scheme: dark)").matches; drawAll(); });
  document.getElementById("save").addEventListener("click", () => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([document.getElementById("results").textContent], { type: "application/json" }));
    link.download = "blindbook-bench.json";
    link.click();
    URL.revokeObjectURL(link.href);
  });

  fillFixed();
  drawAll();
  document.querySelectorAll(".needs-script").forEach((part) => part.hidden = false);
  drawAll();  // now that there is a width
  root.dataset.drawn = [...drawn.keys()].join(" ");
})();
