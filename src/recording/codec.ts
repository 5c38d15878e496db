/** A line of a recording, from what JSON made of it to an event that was checked. */
import { kinds, type LaneEvent, type RecordingKind, stamp } from "./event.ts";
import { count, type Fields, Flaw, type Raw, readFields, text } from "./fields.ts";
import { RECORDING_VERSION, type RecordingHeader, readHeader } from "./header.ts";

/** An event of a recording of this kind; null for a type that this version does not know. @throws Flaw. */
export function eventOf(of: RecordingKind, raw: Raw): LaneEvent | null {
  const where = readFields(stamp, raw);
  const type = text(raw.type, "type");
  const types: Readonly<Record<string, Fields>> = kinds[of];
  const fields = Object.hasOwn(types, type) ? types[type] : undefined;
  return fields === undefined ? null : ({ type, ...readFields(fields, raw), ...where } as LaneEvent);
}

/** The first event of a recording. @throws Flaw, also for another version. */
export function checkedHeader(raw: Raw): RecordingHeader {
  const v = count(raw.v, "v");
  if (v !== RECORDING_VERSION) throw new Flaw("replay.flaw.version", { v, mine: RECORDING_VERSION });
  return readHeader(raw);
}
