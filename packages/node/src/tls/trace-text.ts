import { alertName, type TraceEvent } from "@tlskit/tls";

/** What `enableTrace` tells of a step, a line for each message. `tlskit connect --trace` tells every byte of them. */
export function traceText(event: TraceEvent): string {
  const direction = event.direction === "sent" ? "Sent" : "Received";
  switch (event.type) {
    case "message":
      return `${direction} TLS Record: Handshake, ${event.messageType.name}, Length=${event.bytes.length}, ${event.epoch} keys\n`;
    case "alert":
      return `${direction} TLS Record: Alert, ${alertName(event.description)} (${event.description})\n`;
    case "changeCipherSpec":
      return `${direction} TLS Record: ChangeCipherSpec\n`;
    case "keys":
      return `${direction} from here on with other keys: ${event.kind}, generation ${event.generation}\n`;
  }
}
