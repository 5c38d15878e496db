/** The modules of maps, on this machine: bundles from the database, in a folder that nobody else can look into; or files that are here. */
import { createHash } from "node:crypto";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { errnoCode, LanesError } from "../../errors.ts";
import { temporaryFolder } from "../../os/bytes/bytes.ts";
import { folderPath, joinPath, realPath, systemPath, uniqueFolder } from "../../os/bytes/paths.ts";
import { compileOptions } from "../../pool/index.ts";
import { FolderGuard } from "../../process/guard/folder-guard.ts";
import type { ModuleSource } from "../jobs/payload.ts";

/** Where a module is, and the tsconfig.json it needs. */
export interface FoundModule {
  readonly module: string;
  readonly tsconfig: string | null;
}

/** SHA-256, hex. */
export const contentHash = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

export class Modules {
  #folder: string | undefined;
  #guard: FolderGuard | undefined;
  readonly #found = new Map<string, Promise<FoundModule>>();

  /** @param fetch gets a bundle by its hash; undefined if it is not there any more. */
  constructor(private readonly fetch: (hash: string) => Promise<Uint8Array | undefined>) {}

  /** Makes a module ready to be loaded. @throws LanesError if it is not to be had, or is another here. */
  find(source: ModuleSource): Promise<FoundModule> {
    if ("path" in source) return this.#here(source);
    const found = this.#found.get(source.bundle) ?? this.#fetch(source.bundle);
    this.#found.set(source.bundle, found);
    found.catch(() => this.#found.delete(source.bundle));
    return found;
  }

  /** Puts a bundle where modules are. */
  keep(hash: string, bytes: Uint8Array): FoundModule {
    this.#folder ??= uniqueFolder(joinPath(temporaryFolder(), "lanes-modules-"));
    this.#guard ??= new FolderGuard(this.#folder);
    const module = joinPath(this.#folder, `${hash}.mjs`);
    writeFileSync(systemPath(module), bytes);
    const found = { module, tsconfig: null };
    this.#found.set(hash, Promise.resolve(found));
    return found;
  }

  /** Removes what was fetched. */
  async close(): Promise<void> {
    if (this.#folder !== undefined) rmSync(systemPath(this.#folder), { recursive: true, force: true });
    await this.#guard?.end();
  }

  async #fetch(hash: string): Promise<FoundModule> {
    const bytes = await this.fetch(hash);
    if (bytes === undefined || contentHash(bytes) !== hash) throw new LanesError("farm.module.gone", { hash });
    return this.keep(hash, bytes);
  }

  async #here({ path, sha256 }: { readonly path: string; readonly sha256: string }): Promise<FoundModule> {
    let bytes: Uint8Array;
    try {
      bytes = readFileSync(systemPath(path));
    } catch (error) {
      throw new LanesError("farm.module.missing", { path, code: errnoCode(error) ?? String(error) }, { cause: error });
    }
    if (contentHash(bytes) !== sha256) throw new LanesError("farm.module.differs", { path });
    const tsconfig = compileOptions(folderPath(realPath(path)))?.path ?? null;
    return { module: path, tsconfig };
  }
}
