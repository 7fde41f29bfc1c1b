// Run as a process of its own: connects, lets go of the socket, and has nothing else to do.
import { connect } from "../../src/index.ts";

const [, , port, when] = process.argv;
const socket = connect({ host: "localhost", family: 4, port, ca: process.env["TLSKIT_TEST_CA"] });
socket.on("error", (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
if (when === "at once") socket.unref();
else socket.once(when === "when secure" ? "secureConnect" : "connect", () => socket.unref());
process.disconnect?.();
