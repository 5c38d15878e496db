/** Where the project lives and under which names it is published. The one place that says it; a release refuses to be made without. */

/** The repository's address, as `https://HOST/OWNER/lanes`: releases lie under `/releases/download/vX.Y.Z/`. Not known yet. */
export const home: string = "";

/** The npm scope of the executables. It has to belong to whoever publishes `lanes`. */
export const npmScope = "@lanes-cli";

/** Who answers for the packages, as Debian writes it. */
export const maintainer = "The lanes authors <lanes@example.org>";
