/** Random text of any characters there are. (fast-check's own unit for it, "binary", takes seconds to begin.) */
import fc from "fast-check";

/** One character: half of them from where the marks, letters and controls of most scripts are. */
export const anyCharacter: fc.Arbitrary<string> = fc
  .oneof(
    fc.integer({ min: 0, max: 0x2fff }),
    fc.integer({ min: 0, max: 0xd7ff }),
    fc.integer({ min: 0xe000, max: 0x10ffff }),
  )
  .map((code) => String.fromCodePoint(code));
