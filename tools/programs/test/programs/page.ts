/** A page for browsers, which says what came of what it asked for. */
export const page = `<!doctype html>
<html>
  <head>
    <meta charset="utf-8">
    <title>a page</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="/style.css">
    <script src="/script.js"></script>
  </head>
  <body><h1>a page</h1></body>
</html>
`;

export const style = "h1 { width: 321px }\n";

/** The functions that a browser is to call. */
export const script = `
/** What the page itself came with. */
function loaded() {
  const entries = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")];
  return {
    style: getComputedStyle(document.querySelector("h1")).width,
    protocols: [...new Set(entries.map(({ nextHopProtocol }) => nextHopProtocol))],
  };
}

async function hello() {
  return await (await fetch("/hello")).text();
}

/** Twenty answers at once. */
async function many() {
  const answers = await Promise.all(Array.from({ length: 20 }, hello));
  return answers.length + " " + new Set(answers).size;
}

async function download() {
  return (await (await fetch("/bytes/5000000")).arrayBuffer()).byteLength;
}

async function upload() {
  return await (await fetch("/digest", { method: "POST", body: new Uint8Array(5_000_000).fill(120) })).text();
}

async function overWebSocket() {
  const socket = new WebSocket("wss://" + location.host + "/");
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = reject;
  });
  const echo = await new Promise((resolve) => {
    socket.onmessage = ({ data }) => resolve(data);
    socket.send("hello ".repeat(100_000));
  });
  const closed = await new Promise((resolve) => {
    socket.onclose = ({ code, reason }) => resolve(code + " " + reason);
    socket.send("close");
  });
  return echo.length + " " + closed;
}
`;
