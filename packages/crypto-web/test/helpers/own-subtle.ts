/** A call of WebCrypto's. */
export interface SubtleCall {
  readonly method: keyof SubtleCrypto;
  readonly given: readonly unknown[];
}

/** This runtime's WebCrypto, but for what happens instead of a call, or before it. */
export function ownSubtle(instead: (call: SubtleCall, own: () => Promise<unknown>) => unknown): SubtleCrypto {
  const { subtle } = crypto;
  return new Proxy(subtle, {
    get: (target, method: keyof SubtleCrypto) => {
      const own: unknown = Reflect.get(target, method, target);
      if (typeof own !== "function") return own;
      return (...given: readonly unknown[]) => instead({ method, given }, () => Reflect.apply(own, target, given));
    },
  });
}

/** One that fails as WebCrypto does. */
export function failing(method: keyof SubtleCrypto, error: string): SubtleCrypto {
  return ownSubtle((call, own) => (call.method === method ? Promise.reject(new DOMException("", error)) : own()));
}
