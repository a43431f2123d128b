// Prints a script of this folder, bundled as build.mjs bundles the custodian's page.
import { build } from "esbuild";
import { fileURLToPath } from "node:url";

const built = await build({
  entryPoints: [fileURLToPath(new URL(process.argv[2], import.meta.url))],
  bundle: true,
  write: false,
  charset: "utf8",
  legalComments: "none",
  format: "iife",
  platform: "browser",
  target: ["chrome90"],
  external: ["node:fs"],
});
process.stdout.write(built.outputFiles[0].text);
