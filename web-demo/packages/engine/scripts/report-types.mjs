// Writes src/report.ts from docs/report.schema.json: the report's types cannot drift from its schema.
import { readFileSync, writeFileSync } from "node:fs";

const schema = JSON.parse(
  readFileSync(new URL("../../../../docs/report.schema.json", import.meta.url), "utf8"),
);

/** Names in the schema that would say too little, or something else, among TypeScript's own. */
const renamed = {
  element: "ElementRef",
  module: "RulesetModule",
  module_jurisdiction: "Jurisdiction",
  module_problem: "Problem",
  rule: "RuleResult",
  rule_problem: "Problem",
  report_diagnostics: "Diagnostics",
  report_engine: "EngineVersion",
  report_model: "ModelInfo",
  report_ruleset: "Ruleset",
  report_summary: "Summary",
};
const name = (key) =>
  renamed[key] ??
  key
    .split("_")
    .map((part) => part[0].toUpperCase() + part.slice(1))
    .join("");
/** Objects that the schema describes where they are used. */
const inline = new Map();

const simple = { string: "string", integer: "number", number: "number", boolean: "boolean", null: "null" };

function type(schema, path) {
  if (schema.$ref) return name(schema.$ref.replace("#/$defs/", ""));
  if ("const" in schema) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  const kinds = [schema.type].flat();
  const types = kinds.map((kind) => {
    if (kind === "array") {
      const item = type(schema.items, `${path}_item`);
      return item.includes("|") ? `(${item})[]` : `${item}[]`;
    }
    if (kind === "object") {
      const known = inline.get(name(path));
      if (known && JSON.stringify(known.schema) !== JSON.stringify(schema)) {
        throw new Error(`report.schema.json: ${path} and ${known.key} are called the same and are not`);
      }
      inline.set(name(path), { key: path, schema });
      return name(path);
    }
    if (!simple[kind])
      throw new Error(`report.schema.json: ${path} has a type that this script does not know`);
    return simple[kind];
  });
  return types.join(" | ");
}

function declaration(key, schema) {
  if (schema.type !== "object") return `export type ${name(key)} = ${type(schema, key)};\n`;
  const required = new Set(schema.required ?? []);
  const fields = Object.entries(schema.properties).map(([field, of]) => {
    const comment = of.description ? `  /** ${of.description} */\n` : "";
    return `${comment}  ${field}${required.has(field) ? "" : "?"}: ${type(of, `${key}_${field}`)};`;
  });
  const comment = schema.description ? `/** ${schema.description} */\n` : "";
  return `${comment}export interface ${name(key)} {\n${fields.join("\n")}\n}\n`;
}

const parts = [
  declaration("report", schema),
  ...Object.entries(schema.$defs).map(([key, of]) => declaration(key, of)),
];
for (const of of inline.values()) parts.push(declaration(of.key, of.schema));
const text = `// Made by scripts/report-types.mjs from docs/report.schema.json; what the fields mean is in docs/report.md.\n\n${parts.join("\n")}`;
writeFileSync(new URL("../src/report.ts", import.meta.url), text);
