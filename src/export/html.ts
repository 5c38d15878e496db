/**
 * The report as a page: one file that needs nothing else, no network included, and keeps it that way: its policy lets no
 * script run but its own (by its hash) and nothing be loaded. Readable without the script; with it, hover and the slider.
 */

import { currentLanguage, t } from "../i18n/index.ts";
import { durationText } from "../os/units.ts";
import { version } from "../version.ts";
import { chartStates } from "./chart/chart.ts";
import { escaped, scriptJson } from "./escape.ts";
import { chartSection } from "./html-chart.ts";
import { pictures } from "./html-pictures.ts";
import { pageScript, pageStyle } from "./page.macro.ts" with { type: "macro" };
import { pageData } from "./page-data.ts";
import { dark, light } from "./palette.ts";
import type { Report } from "./report.ts";

const script = pageScript();
const style = pageStyle();

/** The page, piece by piece. */
export function* htmlText(report: Report): Generator<string> {
  const { title } = report;
  yield `<!doctype html>
<html lang="${currentLanguage() === "zh" ? "zh-CN" : "en"}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy()}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>${escaped(title)}</title>
<style>${style}${stateColours()}</style>
</head>
<body>
<main>
${heading(report)}
${chartSection(report)}
${results(report)}
${pictures(report)}
${failures(report)}
${notes(report)}
${commands(report)}
${code(report)}
</main>
<footer class="dim">${escaped(t("export.made", { version, time: new Date(report.madeMs).toISOString() }))}</footer>
<script type="application/json" id="data">`;
  yield scriptJson(pageData(report.chart));
  yield `</script>
<script>${script}</script>
</body>
</html>
`;
}

/** Nothing is loaded; the one script is known by its hash. */
function policy(): string {
  const hash = new Bun.CryptoHasher("sha256").update(script).digest("base64");
  return `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${hash}'; img-src data:; base-uri 'none'; form-action 'none'`;
}

function stateColours(): string {
  const rules = (palette: typeof light) => chartStates.map((state) => `--${state}:${palette[state]}`).join(";");
  const classes = chartStates.map((state) => `.c-${state}{fill:var(--${state});stroke:var(--${state})}`).join("");
  return `:root{${rules(light)}}@media (prefers-color-scheme:dark){:root{${rules(dark)}}}${classes}.c-mixed{fill:var(--dim);stroke:none}`;
}

function heading({ title, summary, params, ok, verdict, failed, chart }: Report): string {
  const badge = ok === null ? [] : [`<li class="${ok ? "good" : "bad"}">${ok ? "✓" : "✗"} ${escaped(verdict)}</li>`];
  const chips = [
    ...badge,
    `<li>${escaped(durationText(chart.endMs))}</li>`,
    ...(failed > 0 ? [`<li class="bad">${escaped(t("export.failed", { n: failed }))}</li>`] : []),
    ...params.map((param) => `<li>${escaped(param)}</li>`),
  ];
  return `<header><h1>${escaped(title)}</h1>${summary === "" ? "" : `<p class="dim">${escaped(summary)}</p>`}<ul class="chips">${chips.join("")}</ul></header>`;
}

function section(title: string, body: string): string {
  return body === "" ? "" : `<section><h2>${escaped(title)}</h2>${body}</section>`;
}

function results({ facts, checks }: Report): string {
  const list = facts.map(([label, value]) => `<dt>${escaped(label)}</dt><dd>${escaped(value)}</dd>`).join("");
  const items = checks.map(
    ({ text, ok }) => `<li><b class="${ok ? "good" : "bad"}">${ok ? "✓" : "✗"}</b> ${escaped(text)}</li>`,
  );
  const body = [
    list === "" ? "" : `<dl class="facts">${list}</dl>`,
    items.length === 0 ? "" : `<ul class="checks">${items.join("")}</ul>`,
  ];
  return section(t("export.result"), body.join(""));
}

function failures({ failures, failed }: Report): string {
  if (failures.length === 0) return "";
  const items = failures.map(({ what, detail }) =>
    detail === ""
      ? `<p class="failure">${escaped(what)}</p>`
      : `<details><summary class="failure">${escaped(what)}</summary><pre class="wrapped detail">${escaped(detail)}</pre></details>`,
  );
  const more =
    failed > failures.length ? `<p class="dim">${escaped(t("export.more", { n: failed - failures.length }))}</p>` : "";
  return section(t("export.failures", { n: failed }), `<div>${items.join("")}${more}</div>`);
}

function notes({ notes }: Report): string {
  return notes.map(([label, text]) => `<p><strong>${escaped(label)}</strong> ${escaped(text)}</p>`).join("");
}

function commands({ commands }: Report): string {
  const list = commands.map(
    ([label, command]) =>
      `<div>${escaped(label)}</div><div class="command"><pre><code>${escaped(command)}</code></pre><button class="copy" hidden type="button">${escaped(t("export.copy"))}</button></div>`,
  );
  return section(t("export.commands"), list.join(""));
}

function code({ code }: Report): string {
  const blocks = code.map(
    ([label, text]) => `<div class="listing"><h3>${escaped(label)}</h3><pre><code>${escaped(text)}</code></pre></div>`,
  );
  return section(t("export.code"), blocks.length === 0 ? "" : `<div class="code">${blocks.join("")}</div>`);
}
