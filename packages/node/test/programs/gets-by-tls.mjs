// Run as a process of its own: connects to a port by node:tls, or what stands in its place, and tells what came of it.
import { connect } from "node:tls";

const [port, host = "localhost"] = process.argv.slice(2);
const socket = connect({ port, host: "127.0.0.1", servername: host }, () => {
  console.log(`authorized: ${socket.authorized}, ${socket.getProtocol()}`);
  socket.end();
});
socket.on("error", (error) => console.log(`error: ${error.code}`));
