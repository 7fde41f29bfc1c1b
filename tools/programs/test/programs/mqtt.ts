/** What programs do with MQTT.js. */
import { connectAsync, type IClientOptions, type IPublishPacket, type MqttClient } from "mqtt";
import { type Cases, input, runCases } from "./cases.ts";
import { cutOff } from "./cut-off.ts";

interface Settings {
  readonly url: string;
  readonly tls: IClientOptions;
}

const { versions, cutPort, connections } = input<{
  /** By version, of connections on which everything is done that programs do. */
  readonly versions: Readonly<Record<string, Settings>>;
  /** Where everybody is cut off who is connected to these. */
  readonly cutPort: number;
  /** Of connections on which nothing is done. */
  readonly connections: Readonly<Record<string, Settings>>;
}>();

for (const [version, settings] of Object.entries(versions)) await runCases(everything(settings), version);

await runCases(
  Object.fromEntries(
    Object.entries(connections).map(([name, settings]) => [
      name,
      async () => {
        await using client = await connected(settings);
        return client.connected;
      },
    ]),
  ),
);

function everything(usual: Settings): Cases {
  return {
    async "a message that is acknowledged"() {
      await using subscriber = await connected(usual);
      await using publisher = await connected(usual);
      const granted = await subscriber.subscribeAsync("news/#", { qos: 1 });
      const heard = nextMessage(subscriber);
      await publisher.publishAsync("news/today", "something happened", { qos: 1 });
      const { topic, payload, qos } = await heard;
      return { granted: granted.map(({ qos }) => qos), topic, payload: String(payload), qos };
    },

    async "a large message"() {
      await using client = await connected(usual);
      await client.subscribeAsync("large", { qos: 1 });
      const heard = nextMessage(client);
      const large = Buffer.alloc(1_000_000, "large ");
      await client.publishAsync("large", large, { qos: 1 });
      return { whole: large.compare(Buffer.from((await heard).payload)) === 0 };
    },

    async "many messages"() {
      await using client = await connected(usual);
      await client.subscribeAsync("many", { qos: 1 });
      const heard = new Set<string>();
      const all = new Promise<void>((resolve) => {
        client.on("message", (_topic, payload) => {
          heard.add(String(payload));
          if (heard.size === 300) resolve();
        });
      });
      await Promise.all(Array.from({ length: 300 }, (_, n) => client.publishAsync("many", String(n), { qos: 1 })));
      await all;
      return heard.size;
    },

    async "a connection that is cut off"() {
      await using client = await connected(usual, 20);
      await client.subscribeAsync("again", { qos: 1 });
      const again = new Promise((resolve) => client.once("connect", resolve));
      await cutOff(cutPort);
      await again;
      const heard = nextMessage(client);
      await client.publishAsync("again", "something happened", { qos: 1 });
      return String((await heard).payload);
    },
  };
}

function nextMessage(client: MqttClient): Promise<IPublishPacket> {
  return new Promise((resolve) => client.once("message", (_topic, _payload, packet) => resolve(packet)));
}

async function connected({ url, tls }: Settings, reconnectPeriod: number = 0): Promise<MqttClient & AsyncDisposable> {
  // It gives up at the first error instead of trying again.
  const client = await connectAsync(url, { ...tls, reconnectPeriod }, false);
  client.on("error", () => undefined);
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.endAsync() });
}
