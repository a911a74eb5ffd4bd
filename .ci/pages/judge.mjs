// Opens pages in Chromium, narrow and wide, light, dark and printed; fails where axe-core finds a violation, where a
// page is wider than its screen, complains, or asks for anything beyond itself.
//
// Usage: node judge.mjs PAGE...       SCREENSHOTS=FOLDER keeps what was seen

import { createRequire } from "node:module";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const screens = [
  { name: "narrow", width: 320, height: 720 },
  { name: "phone", width: 390, height: 844 },
  { name: "wide", width: 1280, height: 900 },
];
const faults = [];
let judged = 0;

const profile = mkdtempSync(join(tmpdir(), "chromium-"));
const browser = await chromium.launchPersistentContext(profile, {
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  bypassCSP: false,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync"],
});

async function judge(file, screen, scheme, media) {
  const page = await browser.newPage();
  const what = `${basename(file)}, ${screen.name}, ${scheme}${media === "print" ? ", printed" : ""}`;
  const url = pathToFileURL(resolve(file)).href;
  page.on("console", (message) => faults.push(`${what}: console: ${message.text()}`));
  page.on("pageerror", (error) => faults.push(`${what}: ${error}`));
  page.on("request", (request) => {
    if (request.url() !== url && !request.url().startsWith("data:")) faults.push(`${what}: asks for ${request.url()}`);
  });
  await page.setViewportSize(screen);
  await page.emulateMedia({ colorScheme: scheme, media });
  await page.goto(url);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  if (overflow > 0) faults.push(`${what}: ${overflow} px wider than the screen`);
  if (process.env.SCREENSHOTS) {
    await page.screenshot({ path: join(process.env.SCREENSHOTS, `${what.replaceAll(/[^a-z]+/g, "-")}.png`), fullPage: true });
  }
  // By evaluation and not as a script of the page, which its policy forbids.
  const result = await page.evaluate(async (source) => {
    (0, eval)(source);
    return window.axe.run(document, { resultTypes: ["violations", "incomplete"] });
  }, axe).catch((error) => {
    faults.push(`${what}: axe-core did not run: ${error}`);
    return { violations: [], passes: [] };
  });
  if (result.passes.length === 0) faults.push(`${what}: axe-core judged nothing`);
  for (const { id, help, nodes } of result.violations) {
    faults.push(`${what}: ${id}: ${help}: ${nodes.map((node) => node.html.slice(0, 120)).join(" | ")}`);
  }
  judged += 1;
  await page.close();
}

for (const file of process.argv.slice(2)) {
  for (const screen of screens) {
    for (const scheme of ["light", "dark"]) await judge(file, screen, scheme, "screen");
  }
  await judge(file, screens[2], "light", "print");
}
await browser.close();
rmSync(profile, { recursive: true, force: true });
for (const fault of faults) console.error(fault);
console.log(`${judged} views of ${process.argv.length - 2} pages judged, ${faults.length} faults`);
process.exit(faults.length > 0 || judged === 0 ? 1 : 0);
