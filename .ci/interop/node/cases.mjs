// How checks go through their cases.

import { readFileSync } from "node:fs";
import { basename } from "node:path";

/** Checks each case, and ends the process at the first that fails. */
export async function forEachCase(paths, check) {
  for (const path of paths) {
    const name = basename(path, ".json");
    try {
      await check(JSON.parse(readFileSync(path, "utf8")));
    } catch (error) {
      console.error(`node: ${name}: ${error.stack}`);
      process.exit(1);
    }
    console.log(`node: ${name}: ok`);
  }
}
