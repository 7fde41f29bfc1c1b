import { describe, expect, it } from "vitest";
import { readTarget, targetName, targetOfPath } from "../src/target.ts";

describe("a target", () => {
  it.each([
    ["db.example:5432", "db.example:5432"],
    ["DB.Example:5432", "db.example:5432"],
    ["my_host-1.example.:1", "my_host-1.example.:1"],
    ["10.0.0.1:65535", "10.0.0.1:65535"],
    ["[::1]:5432", "[::1]:5432"],
    ["[2001:DB8:0:0::0001]:443", "[2001:db8::1]:443"],
    ["[::ffff:10.0.0.1]:443", "[::ffff:a00:1]:443"],
  ])("%s is %s", (text, name) => {
    const target = readTarget(text);
    expect(target && targetName(target)).toBe(name);
  });

  it.each([
    ["nothing", ""],
    ["no port", "db.example"],
    ["no host", ":5432"],
    ["port 0", "db.example:0"],
    ["a port with a zero before it", "db.example:05432"],
    ["one over the largest port", "db.example:65536"],
    ["a port that isn't decimal", "db.example:0x50"],
    ["an address without brackets", "::1:5432"],
    ["a name in brackets", "[db.example]:5432"],
    ["an address with a zone", "[fe80::1%eth0]:5432"],
    ["somebody else's name before it", "db.example@evil.example:5432"],
    ["a path", "db.example:5432/x"],
    ["a space", "db.example :5432"],
    ["a line's end", "db.example:5432\n"],
    ["a NUL", "db.example\0:5432"],
    ["letters that aren't ASCII", "dß.example:5432"],
    ["a host of 256 characters", `${"a".repeat(256)}:1`],
  ])("is none with %s", (_, text) => {
    expect(readTarget(text)).toBeUndefined();
  });

  it("is the path of a request, percent-encoded", () => {
    expect(targetOfPath("/db.example:5432")).toEqual({ host: "db.example", port: 5432 });
    expect(targetOfPath("/db.example%3A5432")).toEqual({ host: "db.example", port: 5432 });
    expect(targetOfPath("/%5B::1%5D:5432")).toEqual({ host: "::1", port: 5432 });
    expect(targetOfPath("/[::1]:5432")).toEqual({ host: "::1", port: 5432 });
  });

  it.each([
    "",
    "*",
    "db.example:5432",
    "//db.example:5432",
    "/db.example:5432?x",
    "/db.example:5432#x",
    "/%",
    "/%ff:1",
  ])("isn't the path %j", (path) => {
    expect(targetOfPath(path)).toBeUndefined();
  });

  it("isn't decoded twice", () => {
    expect(targetOfPath("/db%252eexample:5432")).toBeUndefined();
  });
});
