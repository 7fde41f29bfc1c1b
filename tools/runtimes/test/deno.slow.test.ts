import { deno } from "../src/runtimes/deno.ts";
import { describeRuntime } from "./helpers/describe-runtime.ts";

describeRuntime(deno);
