import { X509Error } from "./error.ts";

/** What others wrote, if it can be read: for what is good to have and not needed. */
export function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof X509Error) return undefined;
    throw error;
  }
}
