import type { Attribute, Cryptoki, Handle, Mechanism } from "@tlskit/crypto-pkcs11";

/** A failure as `pkcs11js` has it. */
class Pkcs11Error extends Error {
  override readonly name = "Pkcs11Error";
  readonly code: number;

  constructor(message: string, code: number) {
    super(`${message}\n    at C_Something`);
    this.code = code;
  }
}

/** What a key in it says of itself, by type. */
export interface FakeKey {
  readonly label: string;
  readonly id: string;
  readonly attributes: ReadonlyMap<number, Buffer>;
}

const ulong = (value: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32LE(value);
  return bytes;
};
export const keyType = 0x100;
export const ecParameters = 0x180;
export const alwaysAuthenticate = 0x202;
export const attributesOf = (type: number, curve = ""): ReadonlyMap<number, Buffer> =>
  new Map([
    [keyType, ulong(type)],
    [ecParameters, Buffer.from(curve, "hex")],
    [alwaysAuthenticate, Buffer.of(0)],
  ]);

/** A token in memory: one thing at a time in each session, and answers when it is told to. */
export class FakeToken implements Cryptoki {
  labels = ["web"];
  pin = "1234";
  keys: readonly FakeKey[] = [];
  loggedIn = false;
  /** Sessions that are open. */
  readonly sessions = new Set<number>();
  opened = 0;
  /** Sessions in which something is being signed. */
  readonly signing = new Map<number, Mechanism>();
  /** Whether signatures wait for `answer`. */
  slow = false;
  readonly owed: ((failure?: Error) => void)[] = [];
  #templates = new Map<number, Attribute[]>();

  C_GetSlotList(): Handle[] {
    return this.labels.map((_, index) => Buffer.of(index));
  }

  C_GetTokenInfo(slot: Handle): { readonly label: string } {
    return { label: (this.labels[slot[0] ?? 0] ?? "").padEnd(32) };
  }

  C_OpenSession(): Handle {
    this.opened += 1;
    this.sessions.add(this.opened);
    return Buffer.of(this.opened);
  }

  C_CloseSession(session: Handle): void {
    if (!this.sessions.delete(session[0] ?? 0)) throw new Pkcs11Error("CKR_SESSION_HANDLE_INVALID", 0xb3);
    if (this.sessions.size === 0) this.loggedIn = false;
  }

  C_Login(_: Handle, _type: number, pin: string): void {
    if (this.loggedIn) throw new Pkcs11Error("CKR_USER_ALREADY_LOGGED_IN", 0x100);
    if (pin !== this.pin) throw new Pkcs11Error("CKR_PIN_INCORRECT", 0xa0);
    this.loggedIn = true;
  }

  C_FindObjectsInit(session: Handle, template: Attribute[]): void {
    this.#templates.set(session[0] ?? 0, template);
  }

  C_FindObjects(session: Handle, most: number): Handle[] {
    const template = this.#templates.get(session[0] ?? 0) ?? [];
    const value = (wanted: number): Attribute["value"] => template.find(({ type }) => type === wanted)?.value;
    const [label, idValue] = [value(3), value(0x102)];
    const id = idValue instanceof Buffer ? idValue.toString("hex") : undefined;
    return this.keys
      .flatMap((key, index) =>
        (label === undefined || key.label === label) && (id === undefined || key.id === id) ? [Buffer.of(index)] : [],
      )
      .slice(0, most);
  }

  C_FindObjectsFinal(session: Handle): void {
    this.#templates.delete(session[0] ?? 0);
  }

  C_GetAttributeValue(_: Handle, key: Handle, template: Attribute[]): { type: number; value: Buffer }[] {
    const { attributes } = this.keys[key[0] ?? 0] ?? { attributes: new Map<number, Buffer>() };
    return template.map(({ type }) => ({ type, value: attributes.get(type) ?? Buffer.alloc(0) }));
  }

  C_SignInit(session: Handle, mechanism: Mechanism): void {
    const handle = session[0] ?? 0;
    if (!this.sessions.has(handle)) throw new Pkcs11Error("CKR_SESSION_HANDLE_INVALID", 0xb3);
    if (this.signing.has(handle)) throw new Pkcs11Error("CKR_OPERATION_ACTIVE", 0x90);
    this.signing.set(handle, mechanism);
  }

  C_SignAsync(session: Handle, inData: Buffer, outData: Buffer): Promise<Buffer> {
    const handle = session[0] ?? 0;
    const answer = (): Buffer => {
      this.signing.delete(handle);
      const raw = Buffer.alloc(64, inData[0] ?? 1);
      raw.copy(outData);
      return outData.subarray(0, 64);
    };
    if (!this.slow) return Promise.resolve().then(answer);
    return new Promise((done, failed) => {
      this.owed.push((failure) => {
        if (failure === undefined) done(answer());
        else {
          this.signing.delete(handle);
          failed(failure);
        }
      });
    });
  }

  /** As if it had been pulled out and put in again. */
  reset(): void {
    this.sessions.clear();
    this.loggedIn = false;
  }
}

export const deviceRemoved = (): Error => new Pkcs11Error("CKR_DEVICE_REMOVED", 0x32);
