import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server } from "node:net";
import { pipeline } from "node:stream";
import type { RedisServer } from "@tlskit/interop/redis";

/** A Redis that is started again when somebody comes after its end, and a port that stays the same. */
export class RestartedRedis {
  readonly #start: () => Promise<RedisServer>;
  readonly #relay: Server;
  #server: Promise<RedisServer>;

  private constructor(start: () => Promise<RedisServer>) {
    this.#start = start;
    this.#server = start();
    this.#relay = createServer(async (client) => {
      const server = connect((await this.#running()).port, "127.0.0.1");
      pipeline(client, server, client, () => undefined);
    });
  }

  static async listen(start: () => Promise<RedisServer>): Promise<RestartedRedis> {
    const restarted = new RestartedRedis(start);
    await once(restarted.#relay.listen(0, "127.0.0.1"), "listening");
    await restarted.#server;
    return restarted;
  }

  get port(): number {
    return (this.#relay.address() as AddressInfo).port; // it listens
  }

  async stop(): Promise<void> {
    this.#relay.close();
    await (await this.#server).program.stop();
  }

  async #running(): Promise<RedisServer> {
    const last = this.#server;
    const ended = (await last).program.exitCode !== undefined;
    if (ended && this.#server === last) this.#server = this.#start();
    return await this.#server;
  }
}
