/** Something registered under a name and a code point, perhaps with other names. */
export interface Registered {
  readonly name: string;
  readonly code: number;
  readonly aliases?: readonly string[];
}

/** The entry of a list that has a code point. */
export function byCode<T extends Registered>(list: readonly T[], code: number): T | undefined {
  return list.find((entry) => entry.code === code);
}

/** The entry of a list that has a name, IANA's or an alias, whatever the case. */
export function byName<T extends Registered>(list: readonly T[], name: string): T | undefined {
  const wanted = name.toLowerCase();
  return list.find((entry) => [entry.name, ...(entry.aliases ?? [])].some((known) => known.toLowerCase() === wanted));
}
