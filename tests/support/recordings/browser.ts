/**
 * A real browser, headless, spoken to through its DevTools protocol: no library needed. Keeps what the page complained about
 * and what it tried to load.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A Chromium of this machine; null if there is none. */
export const chromium =
  ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
    .map((name) => Bun.which(name))
    .find((path) => path !== null) ?? null;

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly message: string };
}

export interface View {
  readonly width: number;
  readonly height: number;
  readonly dark?: boolean;
  readonly mobile?: boolean;
}

export class Browser {
  /** Errors and warnings of the console, exceptions, violations of the page's policy. */
  readonly complaints: string[] = [];
  /** Addresses that were asked for. */
  readonly requests: string[] = [];
  readonly #profile: string;
  readonly #child: Bun.Subprocess;
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (message: Message) => void>();
  readonly #events = new Map<string, () => void>();
  #ids = 0;
  #session: string | undefined;

  private constructor(profile: string, child: Bun.Subprocess, socket: WebSocket) {
    this.#profile = profile;
    this.#child = child;
    this.#socket = socket;
    socket.onmessage = ({ data }) => this.#hear(JSON.parse(String(data)) as Message);
  }

  /** Starts one. @param path of {@link chromium}. */
  static async start(path: string): Promise<Browser> {
    const profile = mkdtempSync(join(tmpdir(), "lanes-browser-"));
    const options = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"];
    const quiet = [
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--hide-scrollbars",
    ];
    const child = Bun.spawn(
      [path, ...options, ...quiet, "--remote-debugging-port=0", `--user-data-dir=${profile}`, "about:blank"],
      { stdin: "ignore", stdout: "ignore", stderr: "pipe", env: { ...process.env, HOME: profile } },
    );
    const socket = new WebSocket(await addressOf(child.stderr));
    await new Promise((resolve, reject) => {
      socket.onopen = resolve;
      socket.onerror = reject;
    });
    const browser = new Browser(profile, child, socket);
    const { targetInfos } = (await browser.send("Target.getTargets")) as {
      targetInfos: { type: string; targetId: string }[];
    };
    const { targetId } = targetInfos.find(({ type }) => type === "page")!;
    const { sessionId } = (await browser.send("Target.attachToTarget", { targetId, flatten: true })) as {
      sessionId: string;
    };
    browser.#session = sessionId;
    for (const domain of ["Page", "Runtime", "Log", "Network"]) await browser.send(`${domain}.enable`);
    return browser;
  }

  /** One command of the protocol. @throws Error if the browser refuses it. */
  async send(method: string, params: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
    const id = ++this.#ids;
    const answer = Promise.withResolvers<Message>();
    this.#waiting.set(id, answer.resolve);
    this.#socket.send(JSON.stringify({ id, method, params, ...(this.#session ? { sessionId: this.#session } : {}) }));
    const { result, error } = await answer.promise;
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
    return result ?? {};
  }

  /** Opens an address and waits until it has loaded. */
  async open(address: string, { width, height, dark = false, mobile = false }: View): Promise<void> {
    await this.send("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile });
    await this.send("Emulation.setTouchEmulationEnabled", { enabled: mobile });
    const features = [{ name: "prefers-color-scheme", value: dark ? "dark" : "light" }];
    await this.send("Emulation.setEmulatedMedia", { features });
    const loaded = new Promise<void>((resolve) => this.#events.set("Page.loadEventFired", resolve));
    await this.send("Page.navigate", { url: address });
    await loaded;
  }

  /** What an expression comes to in the page. @throws Error with what it threw. */
  async evaluate<T>(expression: string): Promise<T> {
    const options = { expression, returnByValue: true, awaitPromise: true };
    const { result, exceptionDetails } = (await this.send("Runtime.evaluate", options)) as {
      result: { value: T };
      exceptionDetails?: { exception?: { description?: string } };
    };
    if (exceptionDetails !== undefined) throw new Error(exceptionDetails.exception?.description ?? "it threw");
    return result.value;
  }

  async hover(x: number, y: number): Promise<void> {
    await this.send("Input.dispatchMouseEvent", { type: "mouseMoved", x, y });
  }

  async tap(x: number, y: number): Promise<void> {
    await this.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [{ x, y }] });
    await this.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  }

  async key(key: string): Promise<void> {
    for (const type of ["keyDown", "keyUp"]) await this.send("Input.dispatchKeyEvent", { type, key, code: key });
  }

  /** The whole page as PNG. */
  async screenshot(whole = true): Promise<Uint8Array> {
    const { data } = await this.send("Page.captureScreenshot", { captureBeyondViewport: whole });
    return Buffer.from(String(data), "base64");
  }

  async close(): Promise<void> {
    this.#session = undefined;
    await Promise.race([this.send("Browser.close"), this.#child.exited]);
    this.#socket.close();
    await this.#child.exited;
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }

  #hear({ id, method, params, result, error }: Message): void {
    if (id !== undefined) {
      this.#waiting.get(id)?.({ ...(result ? { result } : {}), ...(error ? { error } : {}) });
      this.#waiting.delete(id);
    }
    if (method === undefined) return;
    if (method === "Network.requestWillBeSent")
      this.requests.push((params as { request: { url: string } }).request.url);
    else if (/^(Runtime\.(exceptionThrown|consoleAPICalled)|Log\.entryAdded)$/.test(method)) {
      this.complaints.push(JSON.stringify(params));
    }
    this.#events.get(method)?.();
    this.#events.delete(method);
  }
}

/** The address that Chromium prints when it listens. */
async function addressOf(stderr: ReadableStream<Uint8Array>): Promise<string> {
  let text = "";
  const decoder = new TextDecoder();
  for await (const bytes of stderr) {
    text += decoder.decode(bytes, { stream: true });
    const [, address] = /DevTools listening on (\S+)/.exec(text) ?? [];
    if (address !== undefined) return address;
  }
  throw new Error(`the browser did not start: ${text.slice(-2_000)}`);
}
