// Takes the whole screen and keeps it the way it is held; browsers allow that only from a touch, and not all of them do.

export function fillScreen(): void {
  if (document.fullscreenElement !== null || matchMedia('(display-mode: fullscreen)').matches) return
  void document.documentElement.requestFullscreen?.({ navigationUI: 'hide' }).then(holdOrientation, () => {
    // Refused: it is a browser’s window, or already filled by whoever started it.
  })
}

export function leaveFullScreen(): void {
  if (document.fullscreenElement !== null) void document.exitFullscreen().catch(() => {})
}

interface LockableOrientation {
  readonly type: string
  lock?(orientation: string): Promise<void>
}

function holdOrientation(): void {
  const orientation: LockableOrientation = screen.orientation
  // Most desktops can’t: their screens do not turn.
  void orientation.lock?.(orientation.type).catch(() => {})
}
