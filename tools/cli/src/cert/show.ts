import { existsSync } from "node:fs";
import { sha256 } from "@tlskit/crypto-node";
import type { Certificate } from "@tlskit/x509";
import { certificateText } from "@tlskit/x509/text";
import { certificateJson } from "./certificate-json.ts";
import { type Command, command } from "./command.ts";
import { chainConcerns, concerns } from "./concerns.ts";
import { certificatesIn } from "./read.ts";
import type { ShownByServer } from "./server.ts";
import { unreadParts } from "./unread.ts";

/** `tlskit cert show FILE|HOST[:PORT]` */
export const show: Command = command(
  { options: { json: { type: "boolean" } }, positionals: ["FILE|HOST[:PORT]"] },
  async ({ json = false }, target = "") => {
    const now = new Date();
    // what has a slash or is there is a file: no host's name has one
    const isFile = existsSync(target) || /[/\\]/.test(target);
    const { certificates, failure } = isFile
      ? { certificates: certificatesIn(target, "subject"), failure: undefined }
      : await shownBy(target);
    if (certificates.length === 0) {
      process.stderr.write(`tlskit: ${failure}\n`);
      return 1;
    }
    const verdict = isFile ? undefined : (failure ?? "");
    process.stdout.write(json ? asJson(certificates, now, verdict) : asText(certificates, now, verdict));
    return 0;
  },
);

/** Files need nothing of TLS, which takes longer to load than they to be shown. */
async function shownBy(server: string): Promise<ShownByServer> {
  const { certificatesOf } = await import("./server.ts");
  return await certificatesOf(server);
}

/** @param verdict nothing if nobody asked, empty if a connection would be good, else why not */
function asJson(certificates: readonly Certificate[], now: Date, verdict: string | undefined): string {
  const connection = verdict === undefined ? {} : { verified: verdict === "", reason: verdict === "" ? null : verdict };
  const shown = certificates.map((certificate) => certificateJson(certificate, now));
  return `${JSON.stringify({ certificates: shown, concerns: chainConcerns(certificates), ...connection }, null, 2)}\n`;
}

function asText(certificates: readonly Certificate[], now: Date, verdict: string | undefined): string {
  const parts = certificates.map((certificate, index) => {
    const number = certificates.length === 1 ? "" : `${index + 1}. `;
    const warnings = concerns(certificate, now).map((concern) => `  ! ${concern}\n`);
    const known = certificateText(certificate, { at: now, sha256 });
    return `${number}${known}${unreadParts(certificate)}${warnings.join("")}`;
  });
  const warnings = chainConcerns(certificates).map((concern) => `! ${concern}\n`);
  if (verdict !== undefined) {
    warnings.push(verdict === "" ? "The server proved to be who it says.\n" : `! no connection: ${verdict}\n`);
  }
  return [...parts, ...(warnings.length === 0 ? [] : [warnings.join("")])].join("\n");
}
