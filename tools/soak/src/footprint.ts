import { setTimeout as sleep } from "node:timers/promises";
import { mebibytes } from "./mebibytes.ts";

/** How many times as much memory as before there may be: a tenth more. */
const tolerance = 1.1;

/** What a process holds when what nobody holds has been collected. */
export interface Footprint {
  /** Bytes of V8's heap in use. */
  readonly heap: number;
  /** Bytes outside of it that objects in it stand for. */
  readonly external: number;
  /** Bytes of these that are buffers'. */
  readonly arrayBuffers: number;
  /** What keeps the event loop alive, by Node's names, with how many there are of each. */
  readonly resources: Readonly<Record<string, number>>;
  /** TLS sockets that have not been collected. */
  readonly sockets: number;
}

/** Counts the objects that have not been collected yet. */
export class Census {
  #living = 0;
  readonly #registry = new FinalizationRegistry(() => {
    this.#living -= 1;
  });

  add(object: object): void {
    this.#living += 1;
    this.#registry.register(object, undefined);
  }

  get living(): number {
    return this.#living;
  }
}

/** Of this process, which runs with `--expose-gc`. */
export async function footprint(census: Census): Promise<Footprint> {
  const { gc } = globalThis;
  if (gc === undefined) throw new Error("memory is measured with --expose-gc");
  // What a first collection finalizes is free after a second; and callbacks have their turn between them.
  for (let i = 0; i < 4; i += 1) {
    gc();
    await sleep(20);
  }
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  const resources: Record<string, number> = {};
  for (const name of process.getActiveResourcesInfo()) resources[name] = (resources[name] ?? 0) + 1;
  return { heap: heapUsed, external, arrayBuffers, resources, sockets: census.living };
}

/** What there is more of than a tenth afterwards, or at all where it is counted: a sentence for each. */
export function grown(base: Footprint, end: Footprint): string[] {
  const failures: string[] = [];
  if (end.sockets > 0) failures.push(`${end.sockets} TLS sockets are still held`);
  for (const part of ["heap", "external"] as const) {
    if (end[part] > base[part] * tolerance) {
      failures.push(`${part} has ${mebibytes(end[part])}, it had ${mebibytes(base[part])}`);
    }
  }
  for (const [name, count] of Object.entries(end.resources)) {
    const before = base.resources[name] ?? 0;
    if (count > before) failures.push(`there are ${count} of ${name}, there were ${before}`);
  }
  return failures;
}

/** In a line, for people. */
export function describe({ heap, external, arrayBuffers, resources, sockets }: Footprint): string {
  const handles = Object.entries(resources).map(([name, count]) => `${count} ${name}`);
  const memory = `heap ${mebibytes(heap)}, external ${mebibytes(external)}, of it buffers ${mebibytes(arrayBuffers)}`;
  return `${memory}; ${sockets} TLS sockets; ${handles.join(", ")}`;
}
