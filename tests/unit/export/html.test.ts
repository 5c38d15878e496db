import { afterEach, expect, test } from "bun:test";
import { loadDemo } from "../../../src/demos/catalog.ts";
import { escaped, scriptJson } from "../../../src/export/escape.ts";
import { htmlText } from "../../../src/export/html.ts";
import type { Report } from "../../../src/export/report.ts";
import { demoReport } from "../../../src/export/report-demo.ts";
import { setLanguage } from "../../../src/i18n/index.ts";
import { chartOf, event, handOver, parent, reportOf } from "../../support/recordings/charts.ts";
import { paramsOf, played } from "../../support/recordings/played.ts";

afterEach(() => setLanguage("en"));

const pageOf = (report: Report) => [...htmlText(report)].join("");

/** A page's elements with their attributes, and its texts, as a browser reads them. */
function parsed(page: string): { tags: { name: string; attributes: Record<string, string> }[]; text: string } {
  const tags: { name: string; attributes: Record<string, string> }[] = [];
  let text = "";
  new HTMLRewriter()
    .on("*", {
      element: ({ tagName, attributes }) =>
        void tags.push({ name: tagName, attributes: Object.fromEntries(attributes) }),
      text: (chunk) => {
        text += chunk.text;
      },
    })
    .transform(page);
  return { tags, text };
}

const hostile = `</script><script>alert(1)</script><img src=x onerror=alert(1)>"'&\x1b[31m\n\u2028\udc80`;

test("escapes what it puts into a page", () => {
  expect(escaped(`<a href="x">'&\x1b\udc80`)).toBe("&lt;a href=&quot;x&quot;&gt;&#39;&amp;\\x1b\\x80");
  const json = scriptJson({ text: `</script><!--\u2028` });
  expect(json).not.toMatch(/<|>|\u2028/);
  expect(JSON.parse(json)).toEqual({ text: `</script><!--\u2028` });
});

test("hostile texts stay texts, everywhere", () => {
  const chart = chartOf(
    [
      event(0, "main", "run", { text: hostile }),
      event(1, hostile, "say", { text: hostile }),
      event(2, "main", "hold", { on: hostile }),
      event(3, "main", "read", { value: hostile }),
    ],
    hostile,
  );
  const phases = [{ title: hostile, fromMs: 0, toMs: 3 }];
  const pair = [hostile, hostile] as const;
  const page = pageOf(
    reportOf(
      { ...chart, phases },
      {
        title: hostile,
        summary: hostile,
        params: [hostile],
        verdict: hostile,
        facts: [pair],
        checks: [{ text: hostile, ok: false }],
        notes: [pair],
        pictures: [
          { kind: "bars", unit: hostile, rows: [{ label: hostile, value: 1 }] },
          { kind: "table", columns: [hostile], rows: [[hostile]] },
          { kind: "curve", xLabel: hostile, yLabel: hostile, points: [{ x: 1, y: 1 }] },
        ],
        failures: [
          { what: hostile, detail: hostile },
          { what: hostile, detail: "" },
        ],
        failed: 9,
        commands: [pair],
        code: [pair],
      },
    ),
  );
  const { tags } = parsed(page);
  expect(tags.filter(({ name }) => name === "script")).toHaveLength(2);
  expect(tags.some(({ name }) => name === "img")).toBe(false);
  expect(tags.flatMap(({ attributes }) => Object.keys(attributes)).filter((name) => name.startsWith("on"))).toEqual([]);
  expect(page).not.toMatch(/[\x00-\x08\x0b-\x1f]/);
});

test("loads nothing, and runs no script but its own", () => {
  const page = pageOf(reportOf(chartOf(handOver)));
  const { tags } = parsed(page);
  for (const { name, attributes } of tags) {
    for (const [attribute, value] of Object.entries(attributes)) {
      if (/^(src|href|srcset|action|data|poster|xlink:href)$/.test(attribute))
        expect(`${name} ${value}`).toBe("link data:,");
    }
  }
  expect(page).not.toMatch(/url\(|@import|https?:/);
  const script = /<script>([\s\S]*?)<\/script>/.exec(page)?.[1] ?? "";
  const policy = tags.find(({ attributes }) => attributes["http-equiv"] === "Content-Security-Policy")?.attributes
    .content;
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain(`'sha256-${new Bun.CryptoHasher("sha256").update(script).digest("base64")}'`);
});

test("has what was measured, and the data its script reads", async () => {
  const demo = await loadDemo("mutex");
  const { outcome, recording, document } = await played("mutex", { procs: 2, rounds: 3, samples: 1, gap: 0 });
  for (const [language, words] of [
    ["en", "Timeline"],
    ["zh", "时间线"],
  ] as const) {
    setLanguage(language);
    const { params, ok, elapsedMs, parent } = document;
    const page = pageOf(
      demoReport({ demo, params, ok, elapsedMs, parent, outcome, events: recording.events(), madeMs: 0 }),
    );
    const { tags, text } = parsed(page);
    expect(tags[0]?.attributes.lang).toBe(language === "en" ? "en" : "zh-CN");
    for (const wanted of [
      words,
      "rounds 3",
      "lanes demo mutex --procs 2 --rounds 3 --gap 0 --samples 1",
      "multiprocessing",
      "defineTarget",
    ])
      expect(text).toContain(wanted);
    const data = JSON.parse(/id="data">(.*?)<\/script>/s.exec(page)?.[1] ?? "");
    expect(data.lanes.map(({ name }: { name: string }) => name)).toEqual(["main", "P1", "P2"]);
    expect(data.steps).toHaveLength(recording.events().length * 3);
  }
});

test("a recording without its outcome shows the result as it stands", async () => {
  const demo = await loadDemo("race");
  const result = { expected: 8, actual: 5, lost: 3, example: { reads: [] } };
  const report = demoReport({
    demo,
    params: await paramsOf("race"),
    ok: null,
    elapsedMs: 17,
    parent,
    result,
    events: handOver,
    madeMs: 0,
  });
  expect(report.facts).toEqual([
    ["expected", "8"],
    ["actual", "5"],
    ["lost", "3"],
  ]);
  expect(parsed(pageOf(report)).text).toContain("lanes demo race");
});
