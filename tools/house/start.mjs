// npm start: the demonstration. npm start -- ARGS: the command line tool.
import { install, runScript } from "./bootstrap.mjs";

install();
const args = process.argv.slice(2);
runScript(args.length === 0 ? "tools/cli/src/demo.ts" : "tools/cli/src/main.ts", args);
