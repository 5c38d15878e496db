/** What every wait takes. */
export interface WaitOptions {
  /** The most to wait, ms; for ever by default. */
  readonly timeout?: number | undefined;
  /** Aborting it ends the wait: it throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}
