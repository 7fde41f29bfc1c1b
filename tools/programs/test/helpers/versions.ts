/** The versions of TLS in which everything is done. */
export const versions = ["TLSv1.3", "TLSv1.2"] as const;

/** Something for each version, by options that let a connection have that one alone. */
export function byVersion<T>(
  make: (options: { readonly minVersion: Version; readonly maxVersion: Version }) => T,
): Readonly<Record<Version, T>> {
  return {
    "TLSv1.3": make({ minVersion: "TLSv1.3", maxVersion: "TLSv1.3" }),
    "TLSv1.2": make({ minVersion: "TLSv1.2", maxVersion: "TLSv1.2" }),
  };
}

type Version = (typeof versions)[number];
