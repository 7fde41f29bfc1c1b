import { nodeProvider } from "@tlskit/crypto-node";
import { type ScanOptions, type ScanTarget, scan } from "@tlskit/scan";
import { nodeTransport } from "@tlskit/scan/node";
import { callerError } from "@tlskit/wire";
import { certificatesFromPem, TrustAnchors } from "@tlskit/x509";
import type { Cases } from "../../suite.ts";

/** Where the servers are. */
export interface ScanGiven {
  readonly port: number;
  readonly closedPort: number;
  readonly rootPem: string;
}

function expectSame(what: string, got: unknown, expected: unknown): void {
  const [one, other] = [JSON.stringify(got), JSON.stringify(expected)];
  if (one !== other) throw callerError("not_as_expected", `${what}: expected ${other}, got ${one}`);
}

export const cases: Cases<ScanGiven> = ({ port, closedPort, rootPem }) => {
  const options = (more: Partial<ScanOptions> = {}): ScanOptions => ({
    transport: nodeTransport(),
    provider: nodeProvider,
    anchors: TrustAnchors.of(certificatesFromPem(rootPem).certificates),
    ...more,
  });
  const target: ScanTarget = { host: "localhost", address: "127.0.0.1", port };
  return [
    {
      name: "all checks of a server find something out, or say why not",
      run: async () => {
        const report = await scan(target, options());
        if (report.state === "unreached") throw callerError(report.code, report.reason);
        const failed = Object.entries(report.facts).filter(([, { state }]) => state === "failed");
        expectSame("failed", failed, []);
        const { versions, certificates } = report.facts;
        const spoken = versions.state === "found" ? versions.value.filter((one) => one.spoken) : [];
        expectSame(
          "versions",
          spoken.map(({ version }) => version),
          ["TLS 1.3", "TLS 1.2"],
        );
        const [shown] = certificates.state === "found" ? certificates.value : [];
        expectSame("trusted", shown?.verdict.trusted, true);
      },
    },
    {
      name: "a port on which nobody listens is told as such",
      run: async () => {
        const report = await scan({ ...target, port: closedPort }, options({ retries: 0 }));
        expectSame("the report", report.state === "unreached" && report.code, "refused");
      },
    },
    {
      name: "a scan that is given up fails with the reason",
      run: async () => {
        const abort = new AbortController();
        const running = scan(target, options({ signal: abort.signal, progress: () => abort.abort("enough") }));
        const reason = await running.then(
          () => "a report",
          (error: unknown) => error,
        );
        expectSame("the reason", reason, "enough");
      },
    },
  ];
};
