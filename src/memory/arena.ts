/**
 * Where shared objects lie: pages of cells (cells.ts). An arena of this process's own begins as ordinary memory, which costs
 * nothing and leaves nothing behind; {@link Arena.share} puts it into a folder as files, `page-0`, `page-1` …, which all
 * processes map. Nothing has to be moved but the words, since until then nobody else has seen them.
 */
import { LanesError } from "../errors.ts";
import { CELL_WORDS, CELLS_PER_PAGE, type CellKind, KIND, MOST_PAGES, PAGE_BYTES, PAGE_WORDS } from "./cells.ts";
import { makeFile, mapFile, nameFile } from "./files.ts";
import type { Words } from "./word.ts";

/** The first cell is no object: word 0 of it is the id that the next object gets. */
const NEXT = 0;

/** Its words change once, when the arena is shared. */
export interface Page {
  words: Words;
}

/** The cell of an object: word `n` of it is `page.words[at + n]`. */
export interface Cell {
  readonly page: Page;
  readonly at: number;
}

export class Arena {
  readonly #pages: Page[] = [];
  #folder: string | undefined;

  /** @param folder of an arena that exists; undefined: a new one, in this process's own memory. */
  constructor(folder?: string) {
    this.#folder = folder;
    if (folder === undefined) this.#pages.push({ words: new Int32Array(PAGE_WORDS) });
    Atomics.compareExchange(this.#page(0).words, NEXT, 0, 1);
  }

  /**
   * Puts it into a folder, where others can map it.
   * @throws LanesError `memory.full`, `memory.folder`: it stays as it was.
   */
  share(folder: string): void {
    const shared = this.#pages.map(({ words }, n) => {
      makeFile(folder, `page-${n}`, PAGE_BYTES);
      const mapped = mapPage(folder, n);
      mapped.set(words);
      return mapped;
    });
    for (const [n, page] of this.#pages.entries()) page.words = shared[n]!;
    this.#folder = folder;
  }

  /**
   * A new cell, with these words in it. Any process that has the arena may make one.
   * @throws LanesError `memory.full`, `memory.many`.
   */
  make(kind: CellKind, words: Readonly<Record<number, number>> = {}): number {
    const id = Atomics.add(this.#page(0).words, NEXT, 1);
    if (id >= CELLS_PER_PAGE * MOST_PAGES) throw new LanesError("memory.many", { most: CELLS_PER_PAGE * MOST_PAGES });
    this.#makePage(Math.floor(id / CELLS_PER_PAGE));
    const cell = this.cell(id);
    for (const [n, word] of Object.entries(words)) cell.page.words[cell.at + Number(n)] = word;
    Atomics.store(cell.page.words, cell.at + KIND, kind);
    return id;
  }

  cell(id: number): Cell {
    return { page: this.#page(Math.floor(id / CELLS_PER_PAGE)), at: (id % CELLS_PER_PAGE) * CELL_WORDS };
  }

  /** The kind of a cell, CellKind.none if it is not made yet. */
  kindOf(id: number): number {
    const { page, at } = this.cell(id);
    return Atomics.load(page.words, at + KIND);
  }

  /** The ids of all cells there are, of pages that exist. */
  *ids(): Generator<number> {
    const next = Atomics.load(this.#page(0).words, NEXT);
    for (let id = 1; id < next; id++) {
      if (id % CELLS_PER_PAGE === 0 && !this.#hasPage(id / CELLS_PER_PAGE)) return;
      yield id;
    }
  }

  #page(n: number): Page {
    const known = this.#pages[n];
    if (known !== undefined) return known;
    const page = { words: mapPage(this.#folder!, n) };
    this.#pages[n] = page;
    return page;
  }

  #hasPage(n: number): boolean {
    try {
      this.#page(n);
      return true;
    } catch {
      return false; // somebody is making it
    }
  }

  #makePage(n: number): void {
    if (this.#pages[n] !== undefined) return;
    if (this.#folder === undefined) {
      this.#pages[n] = { words: new Int32Array(PAGE_WORDS) };
      return;
    }
    if (this.#hasPage(n)) return;
    // Under a name of its own first: whoever finds it finds all of it, and of two who make it one is too late.
    const draft = `page-${n}-${process.pid}-${Math.random().toString(36).slice(2)}`;
    makeFile(this.#folder, draft, PAGE_BYTES);
    nameFile(this.#folder, draft, `page-${n}`);
  }
}

function mapPage(folder: string, n: number): Words {
  const memory = mapFile(folder, `page-${n}`);
  return new Int32Array(memory.buffer, memory.byteOffset, PAGE_WORDS);
}
