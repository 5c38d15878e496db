/**
 * Folders of hubs whose processes were killed, and could not remove them. A hub that lives has its socket: where a connection is
 * refused nobody listens any more, and nobody will, for a folder's name is never used twice.
 */
import { readdirSync, statSync } from "node:fs";
import { errnoCode } from "../../errors.ts";
import { FOLDER_PREFIX, HUB_SOCKET, removeFolder } from "../files.ts";

/** A folder without a socket is of a hub that is just being made, unless it is older, ms. */
const MAKING_MS = 60_000;

/** Removes what dead hubs have left in these folders. Never throws. */
export async function removeLeftovers(bases: readonly string[]): Promise<void> {
  for (const folder of bases.flatMap(foldersIn)) if (await isLeftover(folder)) removeFolder(folder);
}

function foldersIn(base: string): string[] {
  try {
    const names = readdirSync(base).filter((name) => name.startsWith(FOLDER_PREFIX));
    return names.map((name) => `${base}/${name}`).filter((folder) => statOf(folder)?.uid === process.getuid?.());
  } catch {
    return []; // there is no such folder, or it cannot be read
  }
}

async function isLeftover(folder: string): Promise<boolean> {
  try {
    const socket = await Bun.connect({ unix: `${folder}/${HUB_SOCKET}`, socket: { data() {} } });
    socket.end();
    return false;
  } catch (error) {
    const code = errnoCode(error);
    if (code === "ECONNREFUSED") return true;
    return code === "ENOENT" && ageMs(folder) > MAKING_MS;
  }
}

const ageMs = (folder: string) => Date.now() - (statOf(folder)?.mtimeMs ?? Date.now());
const statOf = (folder: string) => statSync(folder, { throwIfNoEntry: false });
