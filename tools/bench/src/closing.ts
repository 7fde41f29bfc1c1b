const closers: (() => unknown)[] = [];

/** Calls when this process has measured enough: for other processes and for files. */
export function whenMeasured(close: () => unknown): void {
  closers.push(close);
}

/** Calls what was given to {@link whenMeasured}, the last first. */
export async function closeEverything(): Promise<void> {
  for (let close = closers.pop(); close !== undefined; close = closers.pop()) await close();
}
