/** What ends a program from outside, and the exit code that a shell takes for that: 128 and the signal's number. */
const exitCodes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/**
 * Has a signal end the process at once, connections and all.
 * @param lastWords what is said on stderr: what is reported, and how far it was
 */
export function endAtSignals(lastWords: () => string): void {
  for (const [signal, code] of Object.entries(exitCodes)) {
    process.once(signal, () => {
      process.stderr.write(`tlskit: interrupted: ${lastWords()}\n`);
      process.exit(code);
    });
  }
}
