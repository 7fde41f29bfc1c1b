import { cryptoError, type SignatureAlgorithm, type Signer } from "@tlskit/crypto";
import { CK, type Cryptoki, type Handle } from "./cryptoki.ts";
import { defaultMaxSessions, defaultMaxWaiting, maxSignatureLength } from "./limits.ts";
import { ecSignings, rsaSignings, type Signing } from "./signing.ts";

/** Which key, of which token. */
export interface Pkcs11SignerOptions {
  /** The label of the token. */
  readonly token: string;
  /** The user's PIN. It is kept, for sessions to come. */
  readonly pin: string;
  /** The key's label (CKA_LABEL), its id (CKA_ID), or both: there has to be just one private key of these. */
  readonly label?: string | undefined;
  readonly id?: Uint8Array | undefined;
  /** Sessions at a time: 4 unless told otherwise. */
  readonly maxSessions?: number | undefined;
  /** Signatures that wait for a session: 1024 unless told otherwise. */
  readonly maxWaiting?: number | undefined;
}

/** A session in which the user is logged in, and the key. */
interface Session {
  readonly handle: Handle;
  readonly key: Handle;
}

interface Waiting {
  go(session: Session): void;
  failed(error: unknown): void;
}

/**
 * A private key in a token, as what signs: RSA by PSS and PKCS#1 v1.5, ECDSA on P-256, P-384 and P-521 each with its hash.
 * It answers later, and signs as many things at a time as it has sessions. A session that fails is closed, and another one
 * takes its place: so it goes on when a token has been away.
 */
export class Pkcs11Signer implements Signer {
  readonly algorithms: readonly SignatureAlgorithm[];
  readonly #cryptoki: Cryptoki;
  readonly #options: Pkcs11SignerOptions;
  readonly #signings: ReadonlyMap<SignatureAlgorithm, Signing>;
  readonly #maxSessions: number;
  readonly #maxWaiting: number;
  readonly #idle: Session[] = [];
  readonly #waiting: Waiting[] = [];
  /** Sessions that there are, in use or not. */
  #sessions = 0;
  #closed = false;

  /**
   * Opens a first session, logs in and finds the key, which takes as long as the token takes.
   * @param cryptoki a `PKCS11` of `pkcs11js` that is initialised, with CKF_OS_LOCKING_OK
   * @throws {CryptoError} `invalid_argument`, `invalid_private_key` if there isn't just one such key, `unsupported` for a
   *   key that signs nothing here, `provider_failed` for what the token says
   */
  constructor(cryptoki: Cryptoki, options: Pkcs11SignerOptions) {
    checkOptions(cryptoki, options);
    this.#cryptoki = cryptoki;
    this.#options = options;
    this.#maxSessions = options.maxSessions ?? defaultMaxSessions;
    this.#maxWaiting = options.maxWaiting ?? defaultMaxWaiting;
    const session = this.#open();
    try {
      this.#signings = failing("the key can't be read", () => signingsOf(cryptoki, session));
    } catch (error) {
      this.#discard(session);
      throw error;
    }
    this.#idle.push(session);
    this.algorithms = [...this.#signings.keys()];
  }

  /**
   * @throws {CryptoError} (it rejects) `unsupported`, `provider_failed`, also when too many signatures wait, and when the
   *   signer is closed
   */
  async sign(algorithm: SignatureAlgorithm, message: Uint8Array): Promise<Uint8Array> {
    const signing = this.#signings.get(algorithm);
    if (signing === undefined) throw cryptoError("unsupported", `the key in the token doesn't sign by ${algorithm}`);
    const session = await this.#session();
    let signature: Uint8Array;
    try {
      this.#cryptoki.C_SignInit(session.handle, signing.mechanism, session.key);
      const given = await this.#cryptoki.C_SignAsync(
        session.handle,
        signing.input(message),
        Buffer.alloc(maxSignatureLength),
      );
      signature = signing.output(new Uint8Array(given));
    } catch (error) {
      this.#discard(session);
      throw tokenError("the token doesn't sign", error);
    }
    this.#release(session);
    return signature;
  }

  /** Closes its sessions. Nothing is signed any more; the token, and the module, are whoever's that opened them. */
  close(): void {
    this.#closed = true;
    for (const session of this.#idle.splice(0)) this.#discard(session);
    for (const { failed } of this.#waiting.splice(0)) failed(closedError());
  }

  /** A session that nobody else has. */
  #session(): Promise<Session> | Session {
    if (this.#closed) throw closedError();
    const idle = this.#idle.pop();
    if (idle !== undefined) return idle;
    if (this.#sessions < this.#maxSessions) return this.#open();
    if (this.#waiting.length >= this.#maxWaiting) {
      throw cryptoError("provider_failed", `${this.#maxWaiting} signatures wait for the token already`);
    }
    return new Promise((go, failed) => this.#waiting.push({ go, failed }));
  }

  #release(session: Session): void {
    if (this.#closed) {
      this.#discard(session);
      return;
    }
    const next = this.#waiting.shift();
    if (next === undefined) this.#idle.push(session);
    else next.go(session);
  }

  /** Closes a session; whoever waits next gets a new one. */
  #discard({ handle }: Session): void {
    this.#sessions -= 1;
    try {
      this.#cryptoki.C_CloseSession(handle);
    } catch {
      // It is of no use any more, whatever the token says to that.
    }
    const next = this.#closed ? undefined : this.#waiting.shift();
    if (next === undefined) return;
    try {
      next.go(this.#open());
    } catch (error) {
      next.failed(error);
    }
  }

  #open(): Session {
    const { token, pin } = this.#options;
    const cryptoki = this.#cryptoki;
    const handle = failing(`no session with the token ${token}`, () => {
      const slots = cryptoki.C_GetSlotList(true).filter((slot) => cryptoki.C_GetTokenInfo(slot).label.trim() === token);
      const [slot] = slots;
      if (slot === undefined || slots.length > 1) {
        throw cryptoError("provider_failed", `${slots.length || "no"} tokens have the label ${JSON.stringify(token)}`);
      }
      return cryptoki.C_OpenSession(slot, CK.CKF_SERIAL_SESSION);
    });
    this.#sessions += 1;
    try {
      failing(`the token ${token} doesn't let its user in`, () => logIn(cryptoki, handle, pin));
      return { handle, key: failing("the key can't be looked for", () => findKey(cryptoki, handle, this.#options)) };
    } catch (error) {
      this.#sessions -= 1;
      cryptoki.C_CloseSession(handle);
      throw error;
    }
  }
}

/** A user is logged in with a token, and not with a session: somebody else of this process may have done it. */
function logIn(cryptoki: Cryptoki, session: Handle, pin: string): void {
  try {
    cryptoki.C_Login(session, CK.CKU_USER, pin);
  } catch (error) {
    if (codeOf(error) !== CK.CKR_USER_ALREADY_LOGGED_IN) throw error;
  }
}

function findKey(cryptoki: Cryptoki, session: Handle, { label, id }: Pkcs11SignerOptions): Handle {
  cryptoki.C_FindObjectsInit(session, [
    { type: CK.CKA_CLASS, value: CK.CKO_PRIVATE_KEY },
    { type: CK.CKA_SIGN, value: true },
    ...(label === undefined ? [] : [{ type: CK.CKA_LABEL, value: label }]),
    ...(id === undefined ? [] : [{ type: CK.CKA_ID, value: Buffer.from(id) }]),
  ]);
  let found: Handle[];
  try {
    found = cryptoki.C_FindObjects(session, 2);
  } finally {
    cryptoki.C_FindObjectsFinal(session);
  }
  const [key] = found;
  if (key !== undefined && found.length === 1) return key;
  const which = [
    ...(label === undefined ? [] : [`the label ${JSON.stringify(label)}`]),
    ...(id === undefined ? [] : [`the id ${Buffer.from(id).toString("hex")}`]),
  ].join(" and ");
  const many = found.length === 0 ? "no private key that signs" : "more than one private key that signs";
  throw cryptoError("invalid_private_key", `the token has ${many} under ${which}`);
}

function signingsOf(cryptoki: Cryptoki, { handle, key }: Session): ReadonlyMap<SignatureAlgorithm, Signing> {
  const attribute = (type: number): Buffer =>
    cryptoki.C_GetAttributeValue(handle, key, [{ type }])[0]?.value ?? Buffer.alloc(0);
  // Each signature would take the PIN anew.
  if (attribute(CK.CKA_ALWAYS_AUTHENTICATE)[0] === 1) {
    throw cryptoError("unsupported", "the key asks for its PIN at each signature (CKA_ALWAYS_AUTHENTICATE)");
  }
  // A CK_ULONG in the machine's order, in which all bytes but one are zero.
  const type = attribute(CK.CKA_KEY_TYPE).reduce((sum, byte) => sum + byte, 0);
  const signings =
    type === CK.CKK_RSA ? rsaSignings : type === CK.CKK_EC ? ecSignings(attribute(CK.CKA_EC_PARAMS)) : undefined;
  if (signings === undefined) {
    throw cryptoError("unsupported", "the key is neither RSA nor on P-256, P-384 or P-521");
  }
  return signings;
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}

/** What a token says is the cause of an error of ours. */
function failing<T>(sentence: string, ask: () => T): T {
  try {
    return ask();
  } catch (error) {
    throw tokenError(sentence, error);
  }
}

function tokenError(sentence: string, error: unknown): Error {
  if (error instanceof Error && error.name === "CryptoError") return error;
  const said = error instanceof Error ? error.message.split("\n", 1)[0] : String(error);
  return cryptoError("provider_failed", `${sentence}: ${said}`, error);
}

function closedError(): Error {
  return cryptoError("provider_failed", "the signer was closed");
}

/** For callers in JavaScript, whom no compiler tells. */
function checkOptions(cryptoki: Cryptoki, options: Pkcs11SignerOptions): void {
  const expected = (holds: boolean, what: string): void => {
    if (!holds) throw cryptoError("invalid_argument", what);
  };
  expected(typeof cryptoki?.C_SignAsync === "function", "cryptoki is not a PKCS11 of pkcs11js");
  expected(typeof options === "object" && options !== null, "options is not an object");
  const { token, pin, label, id, maxSessions, maxWaiting } = options;
  expected(typeof token === "string", "token is not a string");
  expected(typeof pin === "string", "pin is not a string");
  expected(label === undefined || typeof label === "string", "label is not a string");
  expected(id === undefined || id instanceof Uint8Array, "id is not a Uint8Array");
  expected(label !== undefined || id !== undefined, "neither label nor id says which key it is");
  for (const [name, value] of Object.entries({ maxSessions, maxWaiting })) {
    const holds = value === undefined || (Number.isSafeInteger(value) && value >= 1);
    expected(holds, `${name} is not a whole number from 1`);
  }
}
