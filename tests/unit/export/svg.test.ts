import { afterEach, expect, test } from "bun:test";
import { ChartBuilder } from "../../../src/export/chart/builder.ts";
import { svgText } from "../../../src/export/svg.ts";
import { setLanguage } from "../../../src/i18n/index.ts";
import { chartOf, event, handOver, parent, reportOf } from "../../support/recordings/charts.ts";
import { parseXml, type XmlElement } from "../../support/recordings/xml.ts";

afterEach(() => setLanguage("en"));

/** Texts that would be cut off at an edge, by a generous guess of their width. */
function clipped(elements: readonly XmlElement[]): string[] {
  return elements.flatMap(({ name, text, attributes }) => {
    if (name !== "text") return [];
    const width = Bun.stringWidth(text) * Number(attributes["font-size"] ?? 13) * 0.5;
    const left =
      Number(attributes.x) - { end: width, middle: width / 2 }[attributes["text-anchor"] ?? ""]! ||
      Number(attributes.x);
    return left < 0 || left + width > 1200 ? [text] : [];
  });
}

test("the checks find what they are for", () => {
  for (const wrong of [
    "<a>",
    "<a><b></a></b>",
    "<a>&nope;</a>",
    "<a>\x1b</a>",
    '<a b="<"/>',
    "<a/><b/>",
    "<a b=1/>",
    "<a>a > b</a>",
    '<a b="1" b="2"/>',
  ]) {
    expect(() => parseXml(wrong)).toThrow();
  }
  expect(parseXml('<a b="&lt;1&gt;"><c/>text &amp; more</a>')[0]).toEqual({
    name: "a",
    attributes: { b: "<1>" },
    text: "text & more",
  });
});

test("well-formed, with title, lanes, axis and legend", () => {
  const elements = parseXml(svgText(reportOf(chartOf(handOver), { title: "One & <all>", params: ["procs 2"] })));
  const texts = elements.filter(({ name }) => name === "text").map(({ text }) => text);
  for (const wanted of [
    "One & <all>",
    "procs 2 · 17.0 ms",
    "P1",
    "pid 101, parent 100",
    "0 ms",
    "10 ms",
    "waits",
    "starts",
    "runs",
    "holds",
  ]) {
    expect(texts).toContain(wanted);
  }
  expect(texts).not.toContain("failed or killed"); // the legend explains what occurs, and nothing else
  expect(clipped(elements)).toEqual([]);
});

test("nothing is cut off in Chinese, nor with long names and titles", () => {
  setLanguage("zh");
  const lanes = Array.from({ length: 60 }, (_, i) => [
    event(i, `P${i + 1}`, "spawn", { pid: 4_194_300 + i }),
    event(i + 1, `P${i + 1}`, "wait", { on: "屏障".repeat(40) }),
  ]).flat();
  for (const events of [handOver, lanes]) {
    const chart = chartOf(events);
    const phases = [
      { title: "各自从自己的锁开始，一个很长很长的名字", fromMs: 1, toMs: 3 },
      { title: "按统一顺序加锁", fromMs: 3, toMs: 17 },
    ];
    const elements = parseXml(
      svgText(reportOf({ ...chart, phases }, { title: "互斥锁：".repeat(60), params: Array(40).fill("参数 1") })),
    );
    expect(clipped(elements)).toEqual([]);
  }
});

test("hostile texts stay texts", () => {
  const hostile = `</script></svg>"'&<b>\x1b[31m\n\udc80\ufffe`;
  const chart = chartOf([
    event(0, "main", "run", { text: hostile }),
    event(1, hostile, "say", { text: hostile }),
    event(2, "main", "read", { value: hostile }),
  ]);
  const elements = parseXml(svgText(reportOf(chart, { title: hostile, params: [hostile] })));
  expect(elements.filter(({ name }) => name === "svg")).toHaveLength(1);
  expect(elements.some(({ name }) => name === "b" || name === "script")).toBe(false);
});

test("very many jobs make no large picture, and the failed one is marked", () => {
  const builder = new ChartBuilder({ unit: "jobs", parent });
  for (let i = 0; i < 100_000; i++) {
    builder.add(`P${(i % 4) + 1}`, {
      fromMs: i,
      toMs: i + 3,
      state: i === 60_000 ? "killed" : "runs",
      label: "job",
      pid: i,
      failed: Number(i === 60_000),
    });
  }
  const chart = builder.build();
  const text = svgText(reportOf(chart, { failed: 1 }));
  expect(text.length).toBeLessThan(2_000_000);
  const texts = parseXml(text)
    .filter(({ name }) => name === "text")
    .map(({ text }) => text);
  expect(texts).toContain("25,000 jobs, 1 failed");
  expect(texts).toContain("many short ones: height = share of the time");
  expect(text.match(/l-4-6h8z/g)).toHaveLength(1);
});
