/** Codes of the warnings that this package has for a process. */
export type WarningCode = "TLSKIT_KEYLOG" | "TLSKIT_NOT_IN_FORCE" | "TLSKIT_UNHEEDED";

/** Warns whoever runs the process, on stderr also where warnings are off: it is about who can read what. */
export function warn(code: WarningCode, message: string): void {
  process.emitWarning(message, { type: "TlskitWarning", code });
  // With --no-warnings nobody listens, and nothing would be shown.
  if (process.listenerCount("warning") === 0) process.stderr.write(`${message}\n`);
}
