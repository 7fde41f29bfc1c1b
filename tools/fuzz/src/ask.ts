/** How far into what was read is looked. */
const maxDepth = 12;

/**
 * Asks a value, and everything in it, for all that it has, fields and getters: what is decoded only when it is asked for
 * is decoded. Texts are made too.
 */
export function askEverything(value: unknown, depth: number = 0): void {
  if (typeof value !== "object" || value === null || depth > maxDepth) return;
  if (ArrayBuffer.isView(value) || value instanceof Date) return;
  if (Symbol.iterator in value) {
    for (const each of value as Iterable<unknown>) askEverything(each, depth + 1);
    return;
  }
  String(value);
  for (const name of namesOf(value)) askEverything(Reflect.get(value, name), depth + 1);
}

function namesOf(value: object): Iterable<string> {
  const prototype: unknown = Object.getPrototypeOf(value);
  const getters =
    typeof prototype !== "object" || prototype === null || prototype === Object.prototype
      ? []
      : Object.entries(Object.getOwnPropertyDescriptors(prototype)).flatMap(([name, { get }]) =>
          get === undefined ? [] : [name],
        );
  return [...Object.keys(value), ...getters];
}
