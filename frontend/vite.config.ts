import { resolve } from "node:path";
import { defineConfig } from "vite";

const page = (name: string) => resolve(import.meta.dirname, name);

// One page for each role; assets carry their hash and are kept by the browser for good.
export default defineConfig({
  base: "/static/",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: "../src/genrejs/web/static",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1300,
    rollupOptions: {
      input: { index: page("index.html"), workshop: page("workshop.html"), dynamics: page("dynamics.html") },
    },
  },
  server: { proxy: { "/api": "http://127.0.0.1:8000", "/tiles": "http://127.0.0.1:8000", "/jobs": "http://127.0.0.1:8000", "/processes": "http://127.0.0.1:8000" } },
});
