#pragma once

#include <string_view>

namespace blindbook::cli {

/// The style of a disclosure report: for screens of every width, light and dark, and for A4. It loads
/// nothing.
inline constexpr std::string_view kDisclosureStyle = R"css(
:root { color-scheme: light dark; --ink: #1a1a1a; --paper: #fff; --soft: #f3f4f2; --line: #c9ccc6; --quiet: #55594f;
  --accent: #0b5d3b; --alert: #9c1c1c; }
@media (prefers-color-scheme: dark) { :root { --ink: #ececea; --paper: #161815; --soft: #21241f; --line: #42463f;
  --quiet: #a9aea2; --accent: #7fd1a6; --alert: #ff9a8f; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.55 system-ui, sans-serif;
  overflow-wrap: break-word; hyphens: auto; }
main { max-width: 60rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
h1 { font-size: 2rem; line-height: 1.2; margin: 0 0 1rem; }
h2 { font-size: 1.3rem; line-height: 1.3; margin: 2.75rem 0 .75rem; }
h3 { font-size: 1rem; margin: 1.75rem 0 .4rem; }
p, ul { max-width: 46rem; margin: 0 0 .8rem; }
ul { padding-left: 1.2rem; }
li { margin-bottom: .3rem; }
.lead { font-size: 1.15rem; }
.alert { border-left: .3rem solid var(--alert); padding: .4rem .9rem; color: var(--alert); }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(15rem, 1fr)); gap: 1rem; margin: 1.75rem 0; }
.cards section { background: var(--soft); border-top: .25rem solid var(--line); padding: 1rem 1.1rem .4rem; }
.cards .kept { border-color: var(--accent); }
.cards h2 { font-size: 1.05rem; margin: 0 0 .5rem; }
.cards p { color: var(--quiet); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; line-height: 1.4; margin: .25rem 0 .5rem; }
th, td { text-align: left; vertical-align: top; padding: .4rem .8rem .4rem 0; border-bottom: 1px solid var(--line); }
th:last-child, td:last-child { padding-right: 0; }
thead th { color: var(--quiet); font-weight: 600; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.time { white-space: nowrap; font-variant-numeric: tabular-nums; }
.total > * { font-weight: 600; }
.request { width: 32%; }
.part { width: 45%; }
.bytes { width: 6rem; }
code { font: .92em ui-monospace, monospace; overflow-wrap: anywhere; hyphens: none; }
footer { border-top: 1px solid var(--line); margin-top: 3rem; padding-top: 1.25rem; color: var(--quiet); }
@media print {
  @page { size: A4; margin: 18mm 16mm; }
  :root { --ink: #000; --paper: #fff; --soft: #fff; --line: #999; --quiet: #333; --accent: #000; --alert: #000; }
  html { font-size: 9.5pt; }
  h1 { font-size: 1.7rem; }
  main { max-width: none; padding: 0; }
  .wide { overflow: visible; }
  .cards { grid-template-columns: repeat(3, 1fr); }
  .cards section { border: 1px solid var(--line); }
  h2, h3 { break-after: avoid; }
  tr, li, .cards section { break-inside: avoid; }
}
)css";

}  // namespace blindbook::cli
