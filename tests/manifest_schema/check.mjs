// Holds a manifest (standard input) against Microsoft's schema of the version that it names.
// Prints what is wrong with it, a line each; nothing where all is well.
import { readFileSync } from "node:fs";
import Ajv from "ajv-draft-04";
import formats from "ajv-formats";

const manifest = JSON.parse(readFileSync(0, "utf8"));
const schemas = new URL("node_modules/@microsoft/app-manifest/build/json-schemas/teams/", import.meta.url);
const named = new URL(`v${manifest.manifestVersion}/MicrosoftTeams.schema.json`, schemas);
const ajv = new Ajv({ allErrors: true, strict: false });
formats(ajv);
const holds = ajv.compile(JSON.parse(readFileSync(named, "utf8")));
if (!holds(manifest)) {
  for (const one of holds.errors) console.log(`${one.instancePath || "/"} ${one.message}`);
}
