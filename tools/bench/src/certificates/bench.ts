import { show } from "../show.ts";
import { measureCertificates } from "./measure.ts";
import { worstCases } from "./worst-cases.ts";

const rounds = 5;

/** Our X.509 beside that of others, and what an attacker can make it cost. */
export async function benchCertificates(): Promise<void> {
  console.log(`\nCertificates, medians of ${rounds} turns; what a library hasn't got isn't there`);
  for (const keys of ["P-256", "RSA"] as const) {
    for (const { what, perSecond } of await measureCertificates(keys, rounds, 200)) {
      console.log(`\n${keys}: ${what}`);
      show("1/s", perSecond);
    }
  }
  console.log("\nWhat an attacker can make a verification cost, reading included; medians of 7");
  for (const { what, milliseconds, outcome } of worstCases()) {
    console.log(`  ${milliseconds.toFixed(1).padStart(7)} ms  ${what}: ${outcome}`);
  }
}
