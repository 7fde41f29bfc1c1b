/** The name under which a system has libcrypto 3. */
export function systemLibrary(): string {
  return process.platform === "darwin" ? "libcrypto.3.dylib" : "libcrypto.so.3";
}
