import { TlsError } from "@tlskit/wire";

/** The scan's caller has had enough. */
export function aborted(signal: AbortSignal): TlsError {
  return new TlsError("caller", "aborted", "the scan was aborted", { cause: signal.reason });
}

/**
 * Waits so many milliseconds.
 * @throws {TlsError} `aborted`, at once
 */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await abortable(new Promise((resolve) => setTimeout(resolve, milliseconds)), signal);
}

/**
 * What is promised, unless the signal comes before it.
 * @throws {TlsError} `aborted`, at once
 */
export async function abortable<T>(promised: Promise<T>, signal: AbortSignal): Promise<T> {
  return await beside(promised, signal, () => aborted(signal));
}

/**
 * What is promised, unless the time runs out before it.
 * @param late makes the failure
 */
export async function within<T>(milliseconds: number, promised: Promise<T>, late: () => TlsError): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), milliseconds);
  });
  try {
    return await Promise.race([promised, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

async function beside<T>(promised: Promise<T>, signal: AbortSignal, failure: () => TlsError): Promise<T> {
  // What comes too late is of no interest, nor is its failure.
  promised.catch(() => {});
  if (signal.aborted) throw failure();
  let stop: (() => void) | undefined;
  const stopped = new Promise<never>((_, reject) => {
    stop = () => reject(failure());
    signal.addEventListener("abort", stop);
  });
  try {
    return await Promise.race([promised, stopped]);
  } finally {
    if (stop !== undefined) signal.removeEventListener("abort", stop);
  }
}
