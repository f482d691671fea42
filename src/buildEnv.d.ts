// What the build tells the app.
interface ImportMetaEnv {
  /** This build's name, as in `0.1.0+1a2b3c4d5e`. */
  readonly VITE_APP_VERSION: string
}
