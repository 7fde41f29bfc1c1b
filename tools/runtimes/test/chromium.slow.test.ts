import { chromium } from "../src/runtimes/chromium.ts";
import { describeRuntime } from "./helpers/describe-runtime.ts";

describeRuntime(chromium);
