import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Playground } from "../support/lanes.ts";
import { Browser, chromium } from "../support/recordings/browser.ts";

setDefaultTimeout(120_000);

const desktop = { width: 1280, height: 900 };
const phone = { width: 390, height: 844, mobile: true };

/** Texts of the page, by selector. */
const textOf = (selector: string) => `document.querySelector(${JSON.stringify(selector)}).textContent`;

// Only where there is a browser; nothing else in the tests needs one.
describe.skipIf(chromium === null)("an exported page in a real browser", () => {
  const place = new Playground();
  let browser: Browser;

  beforeAll(async () => {
    const { code } = await place.run([
      "demo",
      "mutex",
      "--procs",
      "3",
      "--rounds",
      "8",
      "--samples",
      "1",
      "--html",
      "en.html",
    ]);
    const zh = await place.run(["demo", "crash", "--lang", "zh", "--html", "zh.html"]);
    const hostile = `</script><script>window.hacked=1</script><img src=x onerror="window.hacked=2">`;
    const run = await place.run([
      "run",
      "-j",
      "2",
      "--html",
      "run.html",
      "--shell",
      "echo {}; test {} != b",
      ":::",
      "a",
      "b",
      hostile,
    ]);
    expect([code, zh.code, run.code]).toEqual([0, 0, 1]);
    browser = await Browser.start(chromium!);
  });
  afterAll(async () => {
    await browser?.close();
    await place.clean();
  });

  const open = (name: string, view: Parameters<Browser["open"]>[1]) =>
    browser.open(`file://${join(place.tmp, name)}`, view);

  test("opens from the disk with nothing to complain about, and asks the network for nothing", async () => {
    for (const name of ["en.html", "zh.html", "run.html"]) {
      for (const view of [desktop, phone, { ...desktop, dark: true }, { ...phone, dark: true }]) {
        await open(name, view);
        // Whatever the width, nobody has to scroll sideways but in what scrolls by itself.
        const over = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
        expect(await browser.evaluate<number>(over)).toBe(0);
      }
    }
    expect(browser.complaints).toEqual([]);
    expect(browser.requests.filter((address) => !/^(file|data):/.test(address))).toEqual([]);
    expect(await browser.evaluate("window.hacked === undefined")).toBe(true);
  });

  test("follows the system's light and dark", async () => {
    const paper = () => browser.evaluate<string>("getComputedStyle(document.body).backgroundColor");
    await open("en.html", desktop);
    expect(await paper()).toBe("rgb(255, 255, 255)");
    await open("en.html", { ...desktop, dark: true });
    expect(await paper()).toBe("rgb(20, 23, 27)");
  });

  test("the slider steps through the events: states, the shared value, who has the lock", async () => {
    await open("en.html", desktop);
    const steps = await browser.evaluate<number>("Number(document.querySelector('#step').max) + 1");
    expect(steps).toBeGreaterThan(50);
    // A moment at which somebody holds the lock, by the page's own data.
    const held = await browser.evaluate<{ ms: number; lane: number; count: string }>(`(() => {
      const data = JSON.parse(document.querySelector("#data").textContent);
      const at = data.locks[0].points.findIndex((value, i) => i > 20 && i % 2 === 1 && value >= 0) - 1;
      return { ms: data.locks[0].points[at] / 1e3, lane: data.locks[0].points[at + 1] };
    })()`);
    await browser.evaluate(`(() => {
      const data = JSON.parse(document.querySelector("#data").textContent);
      const slider = document.querySelector("#step");
      slider.value = data.steps.findIndex((value, i) => i % 3 === 0 && Math.abs(value - ${held.ms}) < 1e-6) / 3;
      slider.dispatchEvent(new Event("input"));
    })()`);
    const row = `#now tbody tr:nth-child(${held.lane + 1})`;
    expect(await browser.evaluate<string>(textOf(`${row} td:nth-child(3)`))).toBe("holds");
    expect(await browser.evaluate<string>(textOf(`${row} td:nth-child(4)`))).toBe("data.json.lock");
    expect(await browser.evaluate<string>(textOf("#lock-0"))).toMatch(new RegExp(`^P${held.lane} \\(pid \\d+\\)$`));
    expect(await browser.evaluate<string>(textOf("#series-0"))).toMatch(/^\d+$/);
    expect(await browser.evaluate<string>(textOf("#step-text"))).toMatch(
      /^at [\d.]+ m?s · P\d: holds data\.json\.lock · step \d+\/\d+$/,
    );
    const left = () => browser.evaluate<number>("document.querySelector('#cursor').getBoundingClientRect().left");
    const before = await left();
    await browser.evaluate("document.querySelector('#last').click()");
    expect(await left()).toBeGreaterThan(before);
    await browser.evaluate("document.querySelector('#first').click(); document.querySelector('#forth').click()");
    expect(await browser.evaluate<string>(textOf("#step-text"))).toContain(`step 2/${steps}`);
  });

  test("hovering and tapping say what is there: process, state, reason, from and to", async () => {
    for (const view of [desktop, phone]) {
      await open("en.html", view);
      // The middle of the longest hold of P1.
      const place = await browser.evaluate<{ x: number; y: number; pid: number; from: number; to: number }>(`(() => {
        const data = JSON.parse(document.querySelector("#data").textContent);
        const index = data.lanes.findIndex(({ name }) => name === "P1");
        const { segments, pid } = data.lanes[index];
        let best;
        for (let i = 0; i < segments.length; i += 5) {
          const [from, to, state] = segments.slice(i, i + 3);
          if (data.classes[state] === "holds" && (best === undefined || to - from > best.to - best.from)) best = { from, to };
        }
        const scroll = document.querySelector("#scroll");
        const plot = document.querySelector("#plot");
        scroll.scrollLeft = ((best.from + best.to) / 2e3 / data.endMs) * plot.clientWidth - scroll.clientWidth / 2;
        const { left, width } = plot.getBoundingClientRect();
        const row = document.querySelectorAll(".row")[index].getBoundingClientRect();
        const x = left + ((best.from + best.to) / 2e3 / data.endMs) * width;
        return { x, y: row.top + row.height / 2, pid, ...best };
      })()`);
      await browser.evaluate("new Promise(requestAnimationFrame)"); // the scroll event that hides the last one
      await browser.evaluate("new Promise(requestAnimationFrame)");
      await (view === phone ? browser.tap(place.x, place.y) : browser.hover(place.x, place.y));
      expect(await browser.evaluate<boolean>("document.querySelector('#tip').hidden")).toBe(false);
      const tip = await browser.evaluate<string[]>(
        "[...document.querySelectorAll('#tip div')].map((line) => line.textContent)",
      );
      const ms = (us: number) => Number((us / 1e3).toFixed(3));
      expect(tip).toEqual(
        [
          `P1 · pid ${place.pid}`,
          "holds: data.json.lock",
          `${ms(place.from)} ms – ${ms(place.to)} ms (${ms(place.to - place.from)} ms)`,
        ].map((line) =>
          line.includes("–") ? expect.stringMatching(/^[\d.]+ m?s – [\d.]+ m?s \([\d.]+ m?s\)$/) : line,
        ),
      );
      if (place.to < 1e6) expect(tip[2]).toContain(`${ms(place.from)} ms – ${ms(place.to)} ms`);
      const box = await browser.evaluate<{ left: number; right: number }>(
        "document.querySelector('#tip').getBoundingClientRect().toJSON()",
      );
      expect(box.left).toBeGreaterThanOrEqual(0);
      expect(box.right).toBeLessThanOrEqual(view.width);
    }
  });

  test("a lane can be read with the keyboard alone", async () => {
    await open("zh.html", desktop);
    await browser.evaluate("document.querySelectorAll('.row')[1].focus({ focusVisible: true })");
    for (let i = 0; i < 6; i++) await browser.key("ArrowRight");
    const tip = await browser.evaluate<string[]>(
      "[...document.querySelectorAll('#tip div')].map((line) => line.textContent)",
    );
    expect(tip[0]).toMatch(/^P1 · pid \d+$/);
    expect(tip[1]).toBe("持有锁：data.json.lock");
    expect(await browser.evaluate<string>(textOf("#step-text"))).toContain("持有锁");
  });

  test("zooming makes the plot wider, and the axis finer", async () => {
    await open("run.html", desktop);
    const width = () => browser.evaluate<number>("document.querySelector('#plot').getBoundingClientRect().width");
    const labels = () => browser.evaluate<number>("document.querySelectorAll('#axis span').length");
    const [before, few] = [await width(), await labels()];
    await browser.evaluate("document.querySelector('#closer').click(); document.querySelector('#closer').click()");
    expect(await width()).toBeCloseTo(before * 4, 0);
    expect(await labels()).toBeGreaterThan(few);
    await browser.evaluate("document.querySelector('#wider').click(); document.querySelector('#wider').click()");
    expect(await width()).toBeCloseTo(before, 0);
  });

  test("twenty thousand stretches are drawn and moved through at once", async () => {
    writeFileSync(join(place.tmp, "f.ts"), "export default Number;");
    const { code } = await place.shell("seq 30000 | $LANES map --chunk 1 -j 2 --html big.html f.ts > /dev/null");
    expect(code).toBe(0);
    await open("big.html", desktop);
    const elements = await browser.evaluate<number>("document.querySelectorAll('*').length");
    expect(elements).toBeLessThan(1_000);
    const frames = `new Promise((resolve) => {
      const slider = document.querySelector("#step");
      let left = 50;
      const begin = performance.now();
      const next = () => {
        if (left-- === 0) return resolve((performance.now() - begin) / 50);
        slider.value = Math.round((left / 50) * slider.max);
        slider.dispatchEvent(new Event("input"));
        document.body.getBoundingClientRect();
        setTimeout(next);
      };
      next();
    })`;
    expect(await browser.evaluate<number>(frames)).toBeLessThan(250); // a fifth of that on an idle machine
    expect(browser.complaints).toEqual([]);
  });
});
