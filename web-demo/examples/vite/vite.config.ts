import { defineConfig } from "vite";

export default defineConfig({
  // Up to Vite 7 its server would look for the package's workers in the wrong place.
  optimizeDeps: { exclude: ["@plancheck/engine"] },
});
