/** Imported as a file: where it is, inside the executable or in the checkout. */
declare module "*/THIRD-PARTY-NOTICES" {
  const path: string;
  export default path;
}
