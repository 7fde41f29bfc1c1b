import { nobleProvider } from "@tlskit/crypto-noble";
import { clientDeviations, serverDeviations } from "@tlskit/testing";
import { describe, it } from "vitest";
import { againstClient, againstServer, check } from "./helpers/misbehaviour.ts";

// RFC 9846 §6.2#named-alert, RFC 5246 §7.2.2#alert-sent, RFC 9325 §4.4#integrity-limit
describe("a server that misbehaves", () => {
  for (const deviation of serverDeviations) {
    it(`${deviation.name} (${deviation.section})`, () => check(deviation, againstServer(deviation)));
  }
});

describe("a client that misbehaves", () => {
  for (const deviation of clientDeviations) {
    it(`${deviation.name} (${deviation.section})`, () => check(deviation, againstClient(deviation)));
  }
});

describe("key shares and signatures that are wrong, by noble", () => {
  const cryptographic = /key_share|certificate_verify|certificate_wrong|finished_/;
  for (const deviation of serverDeviations.filter(({ name }) => cryptographic.test(name))) {
    it(`server: ${deviation.name}`, () => check(deviation, againstServer(deviation, undefined, nobleProvider)));
  }
  for (const deviation of clientDeviations.filter(({ name }) => cryptographic.test(name))) {
    it(`client: ${deviation.name}`, () => check(deviation, againstClient(deviation, undefined, nobleProvider)));
  }
});
