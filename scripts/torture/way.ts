/** One participant's network to the database of a torture: it can be cut for a while. */
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Cuttable } from "../../tests/support/cut.ts";
import type { Postgres } from "../../tests/support/postgres.ts";

const SOCKET = ".s.PGSQL.5432";

export class Way implements Disposable {
  /** Where its socket lies: the host in a farm's address. */
  readonly folder: string;
  readonly #server: Postgres;
  #way: Cuttable;
  #over = false;

  constructor(server: Postgres, name: string) {
    this.#server = server;
    this.folder = join(server.folder, name);
    mkdirSync(this.folder);
    this.#way = this.#open();
  }

  #open = () => new Cuttable(join(this.folder, SOCKET), join(this.#server.folder, SOCKET));

  /** Nothing gets through for so long; then what was connected is closed, and one can connect again, unless all is over by then. */
  async cut(ms: number): Promise<void> {
    this.#way.cut();
    await Bun.sleep(ms);
    this.#way[Symbol.dispose]();
    if (this.#over) return; // its folder may be gone
    rmSync(join(this.folder, SOCKET), { force: true });
    this.#way = this.#open();
  }

  [Symbol.dispose](): void {
    this.#over = true;
    this.#way[Symbol.dispose]();
  }
}
