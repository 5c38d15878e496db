/** The lanes of a run on a farm: a machine's slot each, by the machine's name. */

/** Characters of a machine's name in that of a lane: pages show 24 in all. */
const MOST = 16;

export class FarmLanes {
  /** By machine and slot. */
  readonly #names = new Map<string, string>();
  /** What machines are called here. */
  readonly #machines = new Map<string, string>();

  /** How many there are. */
  get size(): number {
    return this.#names.size;
  }

  /** The lane of a slot: `db1:2`. */
  of(host: string, slot: number): string {
    const key = `${slot} ${host}`;
    const known = this.#names.get(key);
    if (known !== undefined) return known;
    const name = `${this.#machine(host)}:${slot}`;
    this.#names.set(key, name);
    return name;
  }

  /** Its name, shortened where it is long: to what stands before a dot, and where that is long, or another's, to its beginning. */
  #machine(host: string): string {
    const known = this.#machines.get(host);
    if (known !== undefined) return known;
    const taken = new Set(this.#machines.values());
    const [first = ""] = host.split(".", 1);
    const plain = [host, first].find((name) => name !== "" && name.length <= MOST && !taken.has(name));
    const beginning = [...(first || host || "?")].slice(0, MOST - 4).join("");
    let name = plain ?? `${beginning}~`;
    for (let n = 2; taken.has(name); n += 1) name = `${beginning}~${n}`;
    this.#machines.set(host, name);
    return name;
  }
}
