import { accessSync, constants } from "node:fs";
import { copyFile, link, symlink } from "node:fs/promises";
import { delimiter, join } from "node:path";

/**
 * Lays a node and, if the machine has one, an OpenSSL beside it into `folder`, and says where the node is: tests that need
 * OpenSSL's client look for `openssl-cli` in the folder of the program that runs them, where Node's own build leaves it.
 */
export async function layNode(folder: string): Promise<{ node: string; openssl: string | undefined }> {
  const node = join(folder, "node");
  try {
    await link(process.execPath, node);
  } catch {
    await copyFile(process.execPath, node); // another file system
  }
  const openssl = findProgram("openssl");
  if (openssl !== undefined) await symlink(openssl, join(folder, "openssl-cli"));
  return { node, openssl };
}

function findProgram(name: string): string | undefined {
  const candidates = (process.env["PATH"] ?? "").split(delimiter).map((folder) => join(folder, name));
  return candidates.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
