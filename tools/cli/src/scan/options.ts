/** Those of `scan`. */
export const scanOptions = {
  starttls: {
    type: "string",
    argument: "PROTOCOL",
    help: ["what is spoken before TLS, and whose port it is unless told:"],
  },
  address: {
    type: "string",
    argument: "ADDRESS",
    help: ["connect to this IP address, and ask there for HOST"],
  },
  all: { type: "boolean", help: ["all addresses of a name, each as a target of its own"] },
  file: {
    type: "string",
    multiple: true,
    argument: "FILE",
    help: [
      "more targets, a line each: HOST[:PORT], and behind a blank what is spoken before TLS, if it",
      "isn't what --starttls says. # begins a comment; - is standard input",
    ],
  },
  require: {
    type: "string",
    argument: "POLICY",
    help: ["what servers have to be: modern, intermediate or old, which are Mozilla's, or a file"],
  },
  compare: {
    type: "string",
    argument: "FILE",
    help: ["an earlier report (JSON): what should have changed since, such as the key of tickets"],
  },
  only: { type: "string", multiple: true, argument: "a,b", help: ["these checks alone:"] },
  skip: { type: "string", multiple: true, argument: "a,b", help: ["not these"] },
  renegotiation: {
    type: "boolean",
    help: ["ask for other handshakes in one connection too, which costs the server much"],
  },
  replay: { type: "boolean", help: ["send early data twice too, which is a GET of / where HTTP is spoken"] },
  flaws: { type: "boolean", help: ["try faults of implementations that are known by name too"] },
  ca: {
    type: "string",
    multiple: true,
    argument: "FILE",
    help: ["trust these certificates (PEM) instead of the system's"],
  },
  json: { type: "boolean", help: ["the report as JSON, on stdout"] },
  html: { type: "string", argument: "FILE", help: ["write the report as a page too, in one file"] },
  evidence: { type: "boolean", help: ["show the messages in which things were seen, explained"] },
  timeout: {
    type: "string",
    argument: "SECONDS",
    help: [
      "for a server's silence: 5 unless told. Twice that to connect, three times for an answer,",
      "four times for what is spoken before TLS; a connection and the scan have more in proportion",
    ],
  },
  connections: { type: "string", argument: "N", help: ["connections to a target at the same time: 2 unless told"] },
  rate: { type: "string", argument: "N", help: ["connections to a target that are begun in a second, at most"] },
  retries: {
    type: "string",
    argument: "N",
    help: ["how often to try again to connect where that is refused: 4 times unless told"],
  },
  "at-once": {
    type: "string",
    argument: "N",
    help: ["targets at the same time, though never two at one address:"],
  },
  "no-color": { type: "boolean", help: ["no colors, as NO_COLOR in the environment says too"] },
  quiet: { type: "boolean", short: "q", help: ["no progress on stderr"] },
  help: { type: "boolean", short: "h", help: ["this"] },
} as const;
