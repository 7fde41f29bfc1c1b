import { inspect } from "node:util";

/** Codes of `node:tls` for what a caller got wrong. */
export type ArgumentErrorCode =
  | "ERR_CRYPTO_CUSTOM_ENGINE_NOT_SUPPORTED"
  | "ERR_CRYPTO_OPERATION_FAILED"
  | "ERR_INVALID_ARG_TYPE"
  | "ERR_INVALID_ARG_VALUE"
  | "ERR_MISSING_ARGS"
  | "ERR_OUT_OF_RANGE"
  | "ERR_TLS_ALPN_CALLBACK_INVALID_RESULT"
  | "ERR_TLS_ALPN_CALLBACK_WITH_PROTOCOLS"
  | "ERR_TLS_INVALID_CONTEXT"
  | "ERR_TLS_INVALID_PROTOCOL_METHOD"
  | "ERR_TLS_INVALID_PROTOCOL_VERSION"
  | "ERR_TLS_INVALID_STATE"
  | "ERR_TLS_PROTOCOL_VERSION_CONFLICT"
  | "ERR_TLS_REQUIRED_SERVER_NAME"
  | "ERR_TLS_SNI_FROM_SERVER";

/** As Node throws it: a class of the language's with a code. */
export function argumentError(
  kind: typeof Error | typeof TypeError | typeof RangeError,
  code: ArgumentErrorCode,
  message: string,
  cause?: unknown,
): Error {
  return Object.assign(new kind(message, cause === undefined ? undefined : { cause }), { code });
}

/**
 * Something of another type than it has to be.
 * @param name as Node has it: `options.ciphers`.
 * @param expected behind "must be": `of type string`.
 */
export function invalidArgumentType(name: string, expected: string, value: unknown): Error {
  return argumentError(TypeError, "ERR_INVALID_ARG_TYPE", `The ${named(name)} must be ${expected}.${received(value)}`);
}

/** Something of the right type that doesn't do. */
export function invalidArgumentValue(name: string, value: unknown, reason = "is invalid"): Error {
  const kind = name.includes(".") ? "property" : "argument";
  const message = `The ${kind} '${name}' ${reason}. Received ${shortened(value, 128)}`;
  return argumentError(TypeError, "ERR_INVALID_ARG_VALUE", message);
}

/** A number, or how many there are of something, that is too large or too small. */
export function outOfRange(name: string, range: string, value: unknown): Error {
  const message = `The value of "${name}" is out of range. It must be ${range}. Received ${inspect(value)}`;
  return argumentError(RangeError, "ERR_OUT_OF_RANGE", message);
}

function named(name: string): string {
  return `"${name}" ${name.includes(".") ? "property" : "argument"}`;
}

function received(value: unknown): string {
  if (value === null || value === undefined) return ` Received ${value}`;
  if (typeof value === "function") return ` Received function ${value.name}`;
  if (typeof value === "object") {
    const maker: unknown = Reflect.get(value, "constructor");
    return typeof maker === "function" && maker.name !== ""
      ? ` Received an instance of ${maker.name}`
      : ` Received ${inspect(value, { depth: -1 })}`;
  }
  return ` Received type ${typeof value} (${shortened(value, 25)})`;
}

function shortened(value: unknown, length: number): string {
  const text = inspect(value, { colors: false });
  return text.length > length + 3 ? `${text.slice(0, length)}...` : text;
}
