// Builds the preview of the screens; `vite test/preview` serves it while working on them.
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: { target: 'es2022', modulePreload: { polyfill: false }, emptyOutDir: true },
})
