// The build of the app: a small shell, heavy parts in chunks of their own, a service worker that holds all of them.
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { VitePWA } from 'vite-plugin-pwa'
import { alwaysProduction } from './node/build/alwaysProduction.ts'
import { nameBuild } from './node/build/appVersion.ts'
import { securityPolicy } from './node/build/securityPolicy.ts'
import { webrtcDialFix } from './node/build/webrtcDialFix.ts'

export default defineConfig({
  plugins: [
    react(),
    nameBuild(),
    webrtcDialFix(),
    securityPolicy(),
    VitePWA({
      strategies: 'injectManifest',
      srcDir: 'sw',
      filename: 'sw.ts',
      // src/main.tsx registers it, after the first paint and never while flashing; public/ holds the manifest.
      injectRegister: false,
      manifest: false,
      injectManifest: {
        // Lazy chunks too: a technician in a cellar opens screens that were never opened before.
        globPatterns: ['**/*.{html,js,css,svg,png,woff2,webmanifest}'],
        // Written by whoever serves the app, after the build; see sw/answer.ts.
        globIgnores: ['network.json'],
        maximumFileSizeToCacheInBytes: 8 * 1024 * 1024,
        dontCacheBustURLsMatching: /^assets\//,
      },
    }),
    alwaysProduction(),
  ],
  build: {
    target: 'es2022',
    // Browsers that can run the app have module preload.
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // Read by test/sizes.ts, which holds the limits.
    manifest: true,
    // The IPFS node is one lazy chunk of this size.
    chunkSizeWarningLimit: 800,
    // What the first screen needs comes in one file.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'first', tags: ['$initial'] }] } } },
  },
})
