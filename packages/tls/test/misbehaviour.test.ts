import { nobleProvider } from "@tlskit/crypto-noble";
import { clientDeviations, serverDeviations } from "@tlskit/testing";
import { describe, expect, it } from "vitest";
import { clientErrorCodes, serverErrorCodes } from "./helpers/expected-codes.ts";
import { againstClient, againstServer, check } from "./helpers/misbehaviour.ts";

// RFC 9846 §6.2#named-alert
describe("a server that misbehaves", () => {
  for (const deviation of serverDeviations) {
    it(`${deviation.name} (${deviation.section})`, () => {
      const course = againstServer(deviation);
      check(deviation, course);
      expect(course.recorder.error?.code, "the error's code").toBe(clientErrorCodes[deviation.name]);
    });
  }

  it("has a code in the table for each that is not accepted, and for no other", () => {
    const refused = serverDeviations.filter(({ expected }) => expected !== "accepted").map(({ name }) => name);
    expect(Object.keys(clientErrorCodes)).toEqual(refused);
  });
});

describe("a client that misbehaves", () => {
  for (const deviation of clientDeviations) {
    it(`${deviation.name} (${deviation.section})`, () => {
      const course = againstClient(deviation);
      check(deviation, course);
      expect(course.recorder.error?.code, "the error's code").toBe(serverErrorCodes[deviation.name]);
    });
  }

  it("has a code in the table for each that is not accepted, and for no other", () => {
    const refused = clientDeviations.filter(({ expected }) => expected !== "accepted").map(({ name }) => name);
    expect(Object.keys(serverErrorCodes)).toEqual(refused);
  });
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
