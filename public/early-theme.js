// Puts the chosen theme on <html> before the first paint. Settings live in IndexedDB, which answers too late for that.
try {
  const theme = localStorage.getItem('fob-theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
} catch {
  // Site data is blocked: the system's theme it is.
}
