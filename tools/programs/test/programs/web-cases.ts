import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import type { SecureVersion } from "node:tls";
import { bytes, digest, type Trust, type WebClientInput, type WebPorts } from "./web.ts";

export type Cases = Readonly<Record<string, () => Promise<unknown>>>;

/** What is asked of a server on this machine, by GET or, with a body, by POST. */
export interface Question {
  readonly url: string;
  readonly trust: Trust;
  readonly body?: Readable;
  readonly signal?: AbortSignal;
}

/** How a client asks: what it gets is the body of the answer. */
export type Ask = (question: Question) => Promise<AsyncIterable<Uint8Array>>;

/** What is the same in all cases of a version. */
export interface Setting {
  readonly trust: Trust;
  /** The beginning of URLs of the server that it is about. */
  readonly origin: string;
  /** The text of an answer. */
  readonly get: (url: string, trust?: Partial<Trust>) => Promise<string>;
}

/** More than what fits into the buffers on the way, of which the system's may have 32 MB. */
const tooMuch = 48_000_000;

/**
 * The cases that every client has, and its own, or those of nginx, in each version of TLS, whose name stands before theirs.
 *
 * @param listener whose server it talks to, unless a case says otherwise.
 */
export function webCases(
  given: WebClientInput,
  listener: keyof WebPorts,
  ask: Ask,
  own: (setting: Setting) => Cases,
): Cases {
  return inVersions(given, (trust) => {
    const setting: Setting = {
      trust,
      origin: originOf(given.ports[listener]),
      get: async (url, others) => await text(await ask({ url, trust: { ...trust, ...others } })),
    };
    if (given.nginx !== undefined) return casesOfNginx(given, { ...setting, origin: originOf(given.nginx) }, ask);
    return { ...casesOfAll(given, setting, ask), ...own(setting) };
  });
}

/** The same cases in each version of TLS, whose name stands before theirs. */
export function inVersions({ ca }: WebClientInput, casesOf: (trust: Trust) => Cases): Cases {
  return Object.fromEntries(
    versions.flatMap((version) =>
      Object.entries(casesOf({ ca, minVersion: version, maxVersion: version })).map(([name, run]) => [
        `${version}: ${name}`,
        run,
      ]),
    ),
  );
}

const versions: readonly SecureVersion[] = ["TLSv1.2", "TLSv1.3"];

/** The answers to as many questions, asked one after another. */
export async function inTurn<T>(count: number, ask: () => Promise<T>): Promise<T[]> {
  const answers: T[] = [];
  while (answers.length < count) answers.push(await ask());
  return answers;
}

function originOf(port: number): string {
  return `https://localhost:${port}`;
}

function casesOfAll({ ports, otherCa, alice }: WebClientInput, setting: Setting, ask: Ask): Cases {
  const { trust, origin, get } = setting;
  const answer = async (question: Question) => await text(await ask(question));
  const name = `${trust.minVersion}-${process.pid}`;
  return {
    "a request": () => get(`${origin}/hello`),
    "a certificate that is demanded": () => get(`${originOf(ports.demanding)}/who`, alice),
    "another authority": () => get(`${origin}/hello`, { ca: otherCa }),
    "an expired certificate": () => get(`${originOf(ports.expired)}/hello`),
    "a certificate for another name": () => get(`${originOf(ports.misnamed)}/hello`),

    "a large upload": () => answer({ url: `${origin}/digest`, trust, body: bytes(5_000_000) }),
    "a large download": async () => await digest(await ask({ url: `${origin}/bytes/5000000`, trust })),
    // It is the same stream in either version, and takes its time.
    ...(trust.minVersion === "TLSv1.3" ? casesOfBackPressure(setting, name, ask) : {}),

    async "an answer that is given up"() {
      const closed = get(`${origin}/closed/${name}`);
      const controller = new AbortController();
      const body = await ask({ url: `${origin}/half/${name}`, trust, signal: controller.signal });
      const failure = (async () => {
        for await (const _half of body) controller.abort();
      })().catch((error) => error.code);
      return { client: await failure, server: await closed };
    },
    "an answer that is cut off": () => readCutOff(`${name}-cut`, "10", setting, ask),
  };
}

function casesOfBackPressure({ trust, origin, get }: Setting, name: string, ask: Ask): Cases {
  return {
    async "an upload that nobody reads"() {
      let taken = 0;
      const body = bytes(tooMuch, (length) => {
        taken += length;
      });
      const uploaded = (async () => await text(await ask({ url: `${origin}/unread/${name}`, trust, body })))();
      const stuck = await settled(
        () => taken,
        () => get(`${origin}/hello`),
      );
      await get(`${origin}/read/${name}`);
      return { waited: stuck < tooMuch, got: await uploaded };
    },
    async "a download that nobody reads"() {
      const downloaded = await ask({ url: `${origin}/bytes/${tooMuch}/${name}`, trust });
      const stuck = await settled(
        async () => Number(await get(`${origin}/sent/${name}`)),
        () => get(`${origin}/hello`),
      );
      return { waited: stuck < tooMuch, got: await digest(downloaded) };
    },
  };
}

/** What comes of an answer that is cut off in the middle; without a length only the end of the connection delimits it. */
export async function readCutOff(
  name: string,
  length: string,
  { origin, trust, get }: Setting,
  ask: Ask,
): Promise<string> {
  const body = await ask({ url: `${origin}/cut/${name}/${length}`, trust });
  let read = "";
  for await (const half of body) {
    read += half;
    await get(`${origin}/read/${name}`);
  }
  return read;
}

function casesOfNginx({ alice }: WebClientInput, { trust, origin, get }: Setting, ask: Ask): Cases {
  return {
    "a request": () => get(`${origin}/found`),
    "a certificate that is asked for": () => get(`${origin}/found`, alice),
    "a large download": async () => await digest(await ask({ url: `${origin}/large`, trust })),
    "a large upload": async () => await text(await ask({ url: `${origin}/digest`, trust, body: bytes(5_000_000) })),
  };
}

/** What a number is when it grows no more, while something else goes on between two looks. */
async function settled(look: () => number | Promise<number>, meanwhile: () => Promise<unknown>): Promise<number> {
  let last = await look();
  for (let unchanged = 0; unchanged < 20; ) {
    await meanwhile();
    const now = await look();
    unchanged = now === last ? unchanged + 1 : 0;
    last = now;
  }
  return last;
}
