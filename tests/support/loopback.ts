/** Servers on loopback: a folder of files, and an npm registry of a folder of tarballs. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { fileInTar } from "../../scripts/build/tar.ts";

export interface Loopback extends AsyncDisposable {
  /** Without a slash at its end. */
  readonly url: string;
}

function serve(answer: (path: string, url: string) => Response): Loopback {
  const server: Bun.Server<undefined> = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: (request) => answer(decodeURIComponent(new URL(request.url).pathname).slice(1), server.url.origin),
  });
  return { url: server.url.origin, [Symbol.asyncDispose]: async () => void (await server.stop(true)) };
}

/** The files of a folder by their names; `change` may answer with something else. */
export const filesOf = (folder: string, change: (name: string) => Response | undefined = () => undefined): Loopback =>
  serve((path) => {
    const changed = change(path);
    if (changed !== undefined) return changed;
    try {
      return new Response(new Uint8Array(readFileSync(join(folder, path))));
    } catch {
      return new Response("not found", { status: 404 });
    }
  });

/** As much of a registry as `npm install` asks for. */
export function registryOf(folder: string): Loopback {
  const packages = new Map<string, { file: string; meta: Record<string, unknown> & { version: string } }>();
  for (const file of readdirSync(folder)) {
    const bytes = readFileSync(join(folder, file));
    const meta = JSON.parse(Buffer.from(fileInTar(gunzipSync(bytes), "package/package.json")).toString());
    const integrity = `sha512-${createHash("sha512").update(bytes).digest("base64")}`;
    packages.set(meta.name, {
      file,
      meta: { ...meta, ...(meta.scripts?.postinstall ? { hasInstallScript: true } : {}), dist: { integrity } },
    });
  }
  return serve((path, url) => {
    if (path.startsWith("-/")) return new Response(new Uint8Array(readFileSync(join(folder, path.slice(2)))));
    const found = packages.get(path);
    if (found === undefined) return Response.json({}, { status: 404 });
    const { meta, file } = found;
    const dist = { ...(meta.dist as object), tarball: `${url}/-/${file}` };
    return Response.json({
      name: path,
      "dist-tags": { latest: meta.version },
      versions: { [meta.version]: { ...meta, dist } },
    });
  });
}
