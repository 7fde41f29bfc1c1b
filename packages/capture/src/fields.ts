/** Integers at places of bytes that were written by a machine of either byte order. The caller knows that they are there. */
export class Fields {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  readonly #littleEndian: boolean;

  constructor(bytes: Uint8Array, littleEndian: boolean) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#littleEndian = littleEndian;
  }

  u16(at: number): number {
    return this.#view.getUint16(at, this.#littleEndian);
  }

  u32(at: number): number {
    return this.#view.getUint32(at, this.#littleEndian);
  }

  u64(at: number): bigint {
    return this.#view.getBigUint64(at, this.#littleEndian);
  }
}
