/** The geometry worker for pages without a bundler: web-ifc comes from the URL that the page names. */
import type { IfcAPI } from "web-ifc";
import { serve } from "./worker-main.js";

serve(async ({ webIfc }) => {
  if (!webIfc) throw new Error("the URL of web-ifc-api.js is missing");
  const module = (await import(/* @vite-ignore */ webIfc)) as { IfcAPI: new () => IfcAPI };
  return new module.IfcAPI();
});
