// npm test: everything that must pass.
import { install, runScript } from "./bootstrap.mjs";

install();
// The oldest Node that the packages run on is the one that runs this, if it is that old.
const oldest = Number(process.versions.node.split(".")[0]) === 20 ? { TLSKIT_NODE_20: process.execPath } : {};
runScript("tools/house/src/test.ts", process.argv.slice(2), oldest);
